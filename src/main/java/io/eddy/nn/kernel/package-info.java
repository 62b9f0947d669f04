/**
 * Numeric kernels: matrix products and the element-wise part of each recurrent cell, in plain Java
 * and on the JDK's vector API.
 *
 * <p>All values are IEEE float32, every multiply-add is fused, and the order of summation is fixed.
 * Every kernel therefore gives the same bits, interpreted or compiled, on every JDK from 17 on.
 *
 * <p>May use: the JDK, including its incubating vector module if it is resolved, and EJML.
 */
@NullMarked
package io.eddy.nn.kernel;

import org.jspecify.annotations.NullMarked;
