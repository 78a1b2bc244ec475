using System.Runtime.CompilerServices;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Decisions;

/// <summary>A decision on its way to the log: all by value but what it was made from, so that taking note allocates nothing.</summary>
internal struct DecisionRecord
{
    /// <summary>Most edges that are told.</summary>
    public const int MostEdges = 16;

    /// <summary>Most excluded edges that are told.</summary>
    public const int MostExcluded = 16;

    private Shares _ranked;
    private Ordinals _excluded;
    private readonly int _excludedTold;

    /// <summary>Copies what a decision was made from and came to. Addresses are cut here: nothing later knows them.</summary>
    public DecisionRecord(ServingState state, in DecisionRequest asked, in Decision decision, ReadOnlySpan<EdgeShare> ranked, DateTimeOffset at, double microseconds)
    {
        (State, Decision, At, Microseconds, Form) = (state, decision, at, microseconds, asked.Form);
        Client = asked.Form == ClientForm.Region ? default : IpPrefix.Around(asked.Address, asked.Address.IsIPv6 ? 48 : 24);
        Key = asked.SessionKey.IsEmpty ? 0 : StableChoice.Key(asked.SessionKey);
        EdgesTold = Math.Min(Math.Min(decision.Count, ranked.Length), MostEdges);
        for (int i = 0; i < EdgesTold; i++) _ranked[i] = ranked[i];
        ExcludedCount = asked.Excluded.Length;
        _excludedTold = Math.Min(ExcludedCount, MostExcluded);
        for (int i = 0; i < _excludedTold; i++) _excluded[i] = asked.Excluded[i];
    }

    /// <summary>What it was made from.</summary>
    public ServingState State { get; }

    /// <summary>What it came to.</summary>
    public Decision Decision { get; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; }

    /// <summary>How long it took; 0 where nobody looked at the clock.</summary>
    public double Microseconds { get; }

    /// <summary>How the client was named.</summary>
    public ClientForm Form { get; }

    /// <summary>The client's network, 24 or 48 bits of it; meaningless for a region.</summary>
    public IpPrefix Client { get; }

    /// <summary>What the session key comes to (docs/reference/stable-choice.md); 0 without one.</summary>
    public ulong Key { get; }

    /// <summary>How many edges it holds.</summary>
    public int EdgesTold { get; }

    /// <summary>How many edges the request excluded, told or not.</summary>
    public int ExcludedCount { get; }

    /// <summary>The edges, first choice first.</summary>
    public readonly EdgeShare Edge(int i) => _ranked[i];

    /// <summary>How many of the excluded edges it holds.</summary>
    public readonly int ExcludedTold => _excludedTold;

    /// <summary>An excluded edge.</summary>
    public readonly ushort Excluded(int i) => _excluded[i];

    [InlineArray(MostEdges)]
    private struct Shares
    {
        private EdgeShare _first;
    }

    [InlineArray(MostExcluded)]
    private struct Ordinals
    {
        private ushort _first;
    }
}
