package com.customerledger.events.audit;

/** Is told how far a long piece of work is. Called by one thread. */
public interface AuditProgress {

    /**
     * Some work begins, and the work before it has ended.
     *
     * @param work what is done, such as "exporting"
     * @param total how many there are to do, 0 where that is not known
     */
    void begins(String work, long total);

    /** So many are done since it began. */
    void reached(long done);

    /** Something that whoever waits should read now. */
    void say(String line);
}
