using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Dns.Answers;

/// <summary>Whom an answer is for, as far as the question tells.</summary>
public readonly record struct DnsClient
{
    private readonly IpPrefix _subnet;
    private readonly int _mapped, _regionNumber;

    private DnsClient(IpPrefix subnet, int mapped, int regionNumber, bool isTold) =>
        (_subnet, _mapped, _regionNumber, IsTold) = (subnet, mapped, regionNumber, isTold);

    /// <summary>Nothing is told: the default route answers, as it does where Resolve is asked for the subnet <c>0.0.0.0/0</c>.</summary>
    public static DnsClient Unknown => default;

    /// <summary>True where the client's subnet or address is told, so that an answer has a scope.</summary>
    public bool IsTold { get; }

    /// <summary>A client in a subnet.</summary>
    /// <param name="subnet">The subnet.</param>
    /// <param name="mapped">What scopes are longer by: 96 where the subnet came as an IPv4-mapped IPv6 one.</param>
    public static DnsClient In(IpPrefix subnet, int mapped = 0) => new(subnet, mapped, 0, true);

    /// <summary>A client at an address.</summary>
    public static DnsClient At(ClientAddress address) => In(new(address, address.Width));

    /// <summary>The clients of a resolver, most of whom are in this region.</summary>
    public static DnsClient OfRegion(int region) => new(default, 0, region + 1, false);

    /// <summary>The request that the table decides.</summary>
    internal DecisionRequest Ask(int service) =>
        _regionNumber > 0 ? DecisionRequest.ForRegion(service, _regionNumber - 1) : DecisionRequest.ForSubnet(service, _subnet);

    internal int ScopeOf(in Decision decision) => IsTold ? Math.Min(128, decision.ScopeLength + _mapped) : 0;
}

/// <summary>What is out or overloaded just now, as <see cref="DecisionRequest"/> has it; nothing by default.</summary>
public readonly ref struct LiveHealth
{
    /// <summary>Edges that are down.</summary>
    public ReadOnlySpan<ulong> Down { get; init; }

    /// <summary>Edges that an operator took out.</summary>
    public ReadOnlySpan<ulong> Drained { get; init; }

    /// <summary>Percent of its clients that each edge keeps.</summary>
    public ReadOnlySpan<byte> Kept { get; init; }

    /// <summary>Edges that take nobody whom another gives away.</summary>
    public ReadOnlySpan<ulong> Full { get; init; }
}
