package io.clusterstate.internal.expression;

import java.util.List;

/** A part of an expression. */
sealed interface Node permits Comparison, Node.All, Node.Any, Node.Not {

    boolean test(Candidate candidate);

    boolean needsTaskGroups();

    /** Parts that must all hold. */
    record All(List<Node> parts) implements Node {

        @Override
        public boolean test(Candidate candidate) {
            return parts.stream().allMatch(part -> part.test(candidate));
        }

        @Override
        public boolean needsTaskGroups() {
            return parts.stream().anyMatch(Node::needsTaskGroups);
        }
    }

    /** Parts of which one must hold. */
    record Any(List<Node> parts) implements Node {

        @Override
        public boolean test(Candidate candidate) {
            return parts.stream().anyMatch(part -> part.test(candidate));
        }

        @Override
        public boolean needsTaskGroups() {
            return parts.stream().anyMatch(Node::needsTaskGroups);
        }
    }

    /** A part that must not hold. */
    record Not(Node part) implements Node {

        @Override
        public boolean test(Candidate candidate) {
            return !part.test(candidate);
        }

        @Override
        public boolean needsTaskGroups() {
            return part.needsTaskGroups();
        }
    }
}
