/**
 * YAML with places: a document goes in, and each value comes out by its key, with the file and line
 * for whoever must say what is wrong with it. All problems of a document are told together, and a
 * key that nobody read is one of them. Start with {@link io.prunella.yaml.YamlMap}.
 */
@NullMarked
package io.prunella.yaml;

import org.jspecify.annotations.NullMarked;
