/// YAML files whose values know their lines; bounded in size, depth and what aliases stand for.
@NullMarked
package dev.muster.query.yaml;

import org.jspecify.annotations.NullMarked;
