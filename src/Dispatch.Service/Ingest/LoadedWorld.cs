using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Ingest;

/// <summary>A world and what its addresses lead to. Immutable.</summary>
/// <param name="World">The facts.</param>
/// <param name="Entries">The prefixes as given; kept to see whether the next world has the same.</param>
/// <param name="Prefixes">The index over them; the same object as long as they do not change.</param>
/// <param name="Locations">What the prefixes point at.</param>
internal sealed record LoadedWorld(
    World World, ImmutableArray<PrefixEntry> Entries, PrefixIndex Prefixes, ImmutableArray<ClientLocation> Locations);

/// <summary>What came of looking at the facts.</summary>
/// <param name="World">The world to go on with; null where none was ever loaded.</param>
/// <param name="Changed">True where it is new since the last look.</param>
/// <param name="Faults">Why what lies there now is refused, a line each; empty where it was loaded or has not changed.</param>
/// <param name="Warnings">What is odd about a newly loaded world, a line each.</param>
internal sealed record WorldReading(LoadedWorld? World, bool Changed, ImmutableArray<string> Faults, ImmutableArray<string> Warnings);
