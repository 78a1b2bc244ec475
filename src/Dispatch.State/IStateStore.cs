namespace TrafficDispatch.State;

/// <summary>Everything that outlives a process, behind one door: in a folder for one machine, in Redis for any number. Thread-safe.</summary>
public interface IStateStore : IAsyncDisposable
{
    /// <summary>The facts.</summary>
    IWorldStore Worlds { get; }

    /// <summary>The published tables.</summary>
    ITableStore Tables { get; }

    /// <summary>Who solves.</summary>
    ILeaseStore Lease { get; }

    /// <summary>What changed.</summary>
    IAnnouncements Announcements { get; }

    /// <summary>Messages to every process that shares the store.</summary>
    IBroadcasts Broadcasts { get; }

    /// <summary>Health besides the facts.</summary>
    IOverrideStore HealthOverrides { get; }

    /// <summary>Whether tables may be published.</summary>
    IFreezeStore Freeze { get; }

    /// <summary>What people changed.</summary>
    IChangeLog Changes { get; }

    /// <summary>The month to date.</summary>
    IBillingStore Billing { get; }

    /// <summary>Live streams registered at run time.</summary>
    IStreamStore Streams { get; }

    /// <summary>What the last solves read and where they ended.</summary>
    ISolveArchive Solves { get; }

    /// <summary>What measurements leave behind.</summary>
    IMeasureArchive Measures { get; }
}
