package io.clusterstate.archive;

import java.util.List;

/** The records behind a query. */
interface RecordSource {

    /** The index, as of now. */
    Catalogue catalogue();

    /** The records of entries, in their order, without those that are gone by now. */
    List<EndedTask> load(List<Catalogue.Entry> entries);
}
