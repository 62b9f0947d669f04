/**
 * Numeric kernels: matrix products and the element-wise part of each recurrent cell, in plain Java
 * and with the JDK's vector API.
 *
 * <p>All numbers are IEEE float32, every multiply-add is fused, and the order of summation is
 * fixed. Every kernel therefore gives the same bits, interpreted or compiled, on every JDK from 17
 * on. Depends on the JDK and, where it is resolved, on its incubating vector module.
 */
@NullMarked
package io.eddy.nn.kernel;

import org.jspecify.annotations.NullMarked;
