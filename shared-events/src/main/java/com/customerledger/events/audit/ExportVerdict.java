package com.customerledger.events.audit;

import java.util.List;

/**
 * What became of verifying an export.
 *
 * @param summary what was verified, in a sentence or two
 * @param events how many events were read
 * @param faults what is wrong, each with its line; the first {@link #FAULTS_MAX} of them
 * @param faultsInAll how many there are
 */
public record ExportVerdict(String summary, long events, List<String> faults, long faultsInAll) {

    /** How many faults are named. */
    public static final int FAULTS_MAX = 100;

    /** Whether nothing is wrong. */
    public boolean isSound() {
        return faultsInAll == 0;
    }
}
