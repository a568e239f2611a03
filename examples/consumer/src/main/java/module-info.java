/** Optional: without this descriptor the project works alike, on the class path. */
module com.example.consumer {
    requires io.clusterstate.core;
}
