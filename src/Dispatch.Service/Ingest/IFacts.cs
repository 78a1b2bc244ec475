using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Ingest;

/// <summary>Where a world is read from. Used by one thread at a time.</summary>
internal interface IFacts
{
    /// <summary>Names what lies there now, cheap enough for every cycle: the same name, the same world. Empty where there is none.</summary>
    /// <exception cref="TrafficDispatch.State.StoreUnavailableException">A store gives no answer.</exception>
    string Stamp();

    /// <summary>Reads what lies there now.</summary>
    /// <exception cref="TrafficDispatch.State.StoreUnavailableException">A store gives no answer.</exception>
    FactsReading Read();

    /// <summary>Gives a place that has lost its world the last good one back, where it is a place that can lose one.</summary>
    /// <returns>What was done, for the log; empty where nothing was.</returns>
    /// <exception cref="TrafficDispatch.State.StoreUnavailableException">A store gives no answer.</exception>
    string GiveBack(World last);
}

/// <summary>What came of reading facts.</summary>
/// <param name="World">The world; null where there is none or it is refused.</param>
/// <param name="Faults">Why it is refused, a line each.</param>
/// <param name="Warnings">What is odd about it, a line each.</param>
internal sealed record FactsReading(World? World, ImmutableArray<string> Faults, ImmutableArray<string> Warnings);
