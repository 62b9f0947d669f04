/** Mutated inputs for everything that decodes bytes from outside the process. */
@NullMarked
package io.eddy.fuzz;

import org.jspecify.annotations.NullMarked;
