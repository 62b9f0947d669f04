/** The demo: a broker, training, serving and a change of weights in one process. */
@NullMarked
package io.eddy.demo;

import org.jspecify.annotations.NullMarked;
