package io.clusterstate.archive;

import java.util.Optional;

/**
 * The state of a {@link FileArchive}.
 *
 * @param tasks the number of ended tasks that it holds
 * @param causes the number of different ends, which share memory
 * @param bytes the size of its files
 * @param segments the number of its files
 * @param waiting the records that could not be written yet, and that the archive tries to write with the next change
 * @param lost the records that were given up since it was opened, since too many waited
 * @param gaps the times since it was opened at which changes may be missing; each is a line in the files, too
 * @param failures the failed writes since it was opened
 * @param problem the failure of the last write; empty once a write has succeeded again
 */
public record ArchiveStatus(
        long tasks,
        long causes,
        long bytes,
        long segments,
        long waiting,
        long lost,
        long gaps,
        long failures,
        Optional<String> problem) {}
