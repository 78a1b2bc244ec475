using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Dns.Answers;

/// <summary>A record of an answer.</summary>
/// <param name="Owner">Whose it is; null for the name that was asked for, whose case an answer keeps.</param>
/// <param name="Type">Its type.</param>
/// <param name="TtlSeconds">Seconds it holds.</param>
/// <param name="Data">Its data.</param>
public readonly record struct AnswerRecord(DnsName? Owner, DnsType Type, uint TtlSeconds, DnsData Data);

/// <summary>An answer before it takes the form that a DNS server wants. Used again and again so that answering allocates nothing; for one thread.</summary>
public sealed class AnswerSheet
{
    private const int MostRanked = 16;

    private readonly List<AnswerRecord> _answers = [], _authority = [], _additional = [];
    private readonly EdgeShare[] _ranked = new EdgeShare[MostRanked];
    private int _rankedCount;

    /// <summary>How the question ended.</summary>
    public DnsRcode Rcode { get; private set; }

    /// <summary>True where the name lies in one of our zones.</summary>
    public bool IsAuthoritative { get; private set; }

    /// <summary>Ordinal of that zone; −1 for none.</summary>
    public int Zone { get; private set; }

    /// <summary>What the table decided; null where no decision was needed.</summary>
    public Decision? Decision { get; private set; }

    /// <summary>The edges of that decision, first choice first; at most 16.</summary>
    public ReadOnlySpan<EdgeShare> Ranked => _ranked.AsSpan(0, _rankedCount);

    /// <summary>The address that it was made for; null where it was made for a region, or there was none to make.</summary>
    public ClientAddress? Client { get; private set; }

    /// <summary>Length of the prefix around the client within which the answer holds; 0 for everybody, or where nothing was told of the client.</summary>
    public int ScopeLength { get; private set; }

    /// <summary>What answers.</summary>
    public IReadOnlyList<AnswerRecord> Answers => _answers;

    /// <summary>The zone's SOA where there is nothing.</summary>
    public IReadOnlyList<AnswerRecord> Authority => _authority;

    /// <summary>Addresses of name servers.</summary>
    public IReadOnlyList<AnswerRecord> Additional => _additional;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _answers.Clear();
        _authority.Clear();
        _additional.Clear();
        (Rcode, IsAuthoritative, Zone, Decision, ScopeLength) = (DnsRcode.NoError, false, -1, null, 0);
        (_rankedCount, Client) = (0, null);
    }

    internal void Refuse(DnsRcode rcode) => Rcode = rcode;

    internal void Enter(int zone) => (Zone, IsAuthoritative) = (zone, true);

    internal void Note(in Decision decision, int scopeLength, in DecisionRequest asked, ReadOnlySpan<EdgeShare> ranked)
    {
        (Decision, ScopeLength, _rankedCount) = (decision, scopeLength, Math.Min(ranked.Length, MostRanked));
        ranked[.._rankedCount].CopyTo(_ranked);
        Client = asked.Form == ClientForm.Region ? null : asked.Address;
    }

    internal void Answer(DnsName? owner, DnsType type, uint ttl, DnsData data) => _answers.Add(new(owner, type, ttl, data));

    internal void Add(DnsName owner, DnsType type, uint ttl, DnsData data) => _additional.Add(new(owner, type, ttl, data));

    /// <summary>There is nothing: the SOA says for how long.</summary>
    internal void Deny(DnsRcode rcode, Zones.Zone zone, uint ttl)
    {
        Rcode = rcode;
        _authority.Add(new(zone.Apex, DnsType.Soa, ttl, zone.Soa));
    }
}
