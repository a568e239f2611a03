package io.clusterstate.spi.contract.trial;

import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.spi.contract.StateStoreContract;
import io.clusterstate.spi.contract.StoreFactory;
import io.clusterstate.spi.contract.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Runs the contract on the store that a launcher parameter names, only from {@link StateStoreContractTest}. */
@ExtendWith(ContractOnTrial.NamedStore.class)
class ContractOnTrial extends StateStoreContract {

    /** The launcher parameter: the name of a flaw; without it, the reference store runs. */
    static final String FLAW = "flaw";

    private final StoreFactory factory;

    ContractOnTrial(StoreFactory factory) {
        this.factory = factory;
    }

    @Override
    protected StateStore newStore(TestClock clock, Duration keepEnded, Duration keepTombstones) {
        return factory.open(clock, keepEnded, keepTombstones);
    }

    @Override
    protected int histories() {
        return 200;
    }

    static final class NamedStore implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == StoreFactory.class;
        }

        @Override
        public StoreFactory resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getConfigurationParameter(FLAW)
                    .map(name -> Flaw.valueOf(name).factory())
                    .orElse(ReferenceStore::new);
        }
    }
}
