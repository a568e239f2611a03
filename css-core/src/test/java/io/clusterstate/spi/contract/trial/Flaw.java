package io.clusterstate.spi.contract.trial;

import io.clusterstate.spi.contract.StoreFactory;
import java.util.Set;

/** The flaws of a store, each with the contract tests that must notice it. */
@SuppressWarnings("ImmutableEnumChecker") // constructors and immutable sets, which the check does not recognise
enum Flaw {
    OVERWRITES_WHATEVER_THE_VERSION(
            FlawedStores.Overwriting::new,
            "aLowerVersionIsDropped",
            "anEqualVersionChangesNothing",
            "anyOrderAndAnyDuplicationEndTheSame",
            "writersOfTheSameEntitiesLoseNothing"),
    ACCEPTS_EQUAL_VERSIONS(
            FlawedStores.AcceptingEqual::new,
            "anEqualVersionChangesNothing",
            "anEventOfTheSameVersionKeepsWhatTheApiTold",
            "aBatchThatIsRepeatedChangesNothing",
            "ofWritersThatTellTheSameJustOneHasAnEffect"),
    IGNORES_ENRICHMENT(
            FlawedStores.IgnoringEnrichment::new,
            "anApiAnswerOfTheSameVersionEnriches",
            "anyOrderAndAnyDuplicationEndTheSame"),
    FORGETS_REMOVALS(
            FlawedStores.ForgettingRemovals::new,
            "aLateEventDoesNotReviveARemovedTask",
            "whatExpiredIsNotRevived",
            "anyOrderAndAnyDuplicationEndTheSame"),
    REVIVES_ON_A_LATE_EVENT(
            FlawedStores.Reviving::new,
            "aLateEventDoesNotReviveARemovedTask",
            "aRemovalThatComesBeforeTheEntityKeepsItOut",
            "anyOrderAndAnyDuplicationEndTheSame"),
    OBEYS_OUTDATED_REMOVALS(
            FlawedStores.ObeyingAnyRemoval::new,
            "aRemovalOfAnEarlierVersionRemovesNothing",
            "aRemovalThatWasProvenBeforeTheLastAnswerRemovesNothing"),
    REMEMBERS_REMOVALS_FOR_EVER(FlawedStores.RememberingForEver::new, "aTombstoneIsForgottenAfterItsTime"),
    KEEPS_ENDED_FOR_EVER(
            FlawedStores.KeepingEnded::new,
            "aStoppedTaskIsRemovedWhenItsRetentionIsOver",
            "inactiveInstancesServicesAndClustersAreRemovedAnHourAfterTheyWereObserved"),
    REMOVES_SOME_OF_THE_ENDED(FlawedStores.RemovingSome::new, "manyEndsOfOneMomentAreAllRemovedAndRemembered"),
    REMOVES_ENDED_AT_ONCE(FlawedStores.RemovingEndedAtOnce::new, "aStoppedTaskIsKeptForItsRetention"),
    EVICTS_TO_SAVE_MEMORY(FlawedStores.Evicting::new, "nothingIsGivenUpToSaveMemory"),
    LOSES_ONE_OF_TWO_CONCURRENT_WRITES(FlawedStores.LosingWrites::new, "writersOfDifferentEntitiesLoseNothing"),
    PUBLISHES_HALF_A_BATCH(FlawedStores.PublishingHalf::new, "aReaderSeesWholeBatchesOnlyAndNothingGoBack"),
    RETURNS_BEFORE_VISIBLE(FlawedStores.Late::new, "whatApplyDidIsSeenWhenItReturns"),
    REVISION_DOES_NOT_GROW(FlawedStores.StandingStill::new, "revisionsGrowFromBatchToBatch"),
    ANSWERS_IN_ANOTHER_ORDER(
            FlawedStores.AnsweringBackwards::new,
            "theAnswersComeInTheOrderOfTheChanges",
            "severalChangesOfOneEntityCountInTheirOrder"),
    TELLS_FOLLOWERS_HALF(FlawedStores.TellingHalf::new, "effectsArePublishedInOrder"),
    TELLS_FOLLOWERS_BACKWARDS(FlawedStores.TellingBackwards::new, "effectsArePublishedInOrder"),
    TELLS_FOLLOWERS_OF_NO_ENDS(FlawedStores.TellingNoEnds::new, "whatExpiresIsPublished"),
    SNAPSHOT_CHANGES(FlawedStores.Live::new, "anOldSnapshotStaysAsItWas"),
    TAKES_IN_AFTER_CLOSING(FlawedStores.NeverClosing::new, "nothingIsTakenInAfterClosing");

    private final StoreFactory factory;
    private final Set<String> noticedBy;

    Flaw(StoreFactory factory, String... noticedBy) {
        this.factory = factory;
        this.noticedBy = Set.of(noticedBy);
    }

    /** Opens stores that have the flaw. */
    StoreFactory factory() {
        return factory;
    }

    /** The names of the tests that must fail. */
    Set<String> noticedBy() {
        return noticedBy;
    }
}
