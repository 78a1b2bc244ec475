using System.Collections.Frozen;
using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>A part of a resolver's clients.</summary>
/// <param name="Region">Ordinal of their region.</param>
/// <param name="Permille">How many of a thousand clients; the parts of a resolver sum to at most 1000.</param>
public readonly record struct RegionShare(int Region, int Permille);

/// <summary>
/// Which regions the clients of each resolver are from, learned from reports that name both. Eight regions a resolver, halved every
/// half-life; bounded by evicting the lightest of a few. Not thread-safe.
/// </summary>
/// <remarks>Within a resolver the least region makes room for a new one, as Space-Saving does (Metwally, Agrawal, El Abbadi, ICDT 2005).</remarks>
internal sealed class ResolverMixes(int cap, long halfLifeMs)
{
    /// <summary>Part from which on a resolver stands for one region, permille.</summary>
    public const int DominantPermille = 700;

    /// <summary>Most clients that one report counts for: no single report decides.</summary>
    public const long MostClients = 64;

    /// <summary>Clients (aged) from which on a mix is believed.</summary>
    public const int FewestClients = 16;

    /// <summary>Regions that are told apart in one mix.</summary>
    public const int Slots = 8;

    /// <summary>Most units of a region in a mix: what is beyond says no more.</summary>
    public const int MostUnits = 1 << 28;

    private const int Unit = 16, Lifetimes = 5, EvictionTries = 16, AtOnce = 4096;

    private readonly Dictionary<ClientAddress, int> _byAddress = [];
    private Mix[] _mixes = new Mix[16];
    private int _hand;

    /// <summary>Resolvers known.</summary>
    public int Count => _byAddress.Count;

    /// <summary>Resolvers forgotten to make room.</summary>
    public long Evictions { get; private set; }

    /// <summary>Takes a report in.</summary>
    public void Add(ClientAddress resolver, int region, long clients, long measuredAtMs)
    {
        int epoch = (int)(measuredAtMs / halfLifeMs);
        ref Mix mix = ref _mixes[NumberOf(resolver, epoch)];
        Age(ref mix, epoch);
        AddUnits(ref mix, region, (int)Math.Min(clients, MostClients) * Unit >> Math.Clamp(mix.Epoch - epoch, 0, 31));
    }

    /// <summary>Takes in what another table counted of a resolver. Adds up like reports as long as no mix knows more than eight regions.</summary>
    /// <param name="resolver">The resolver.</param>
    /// <param name="epoch">The other's epoch.</param>
    /// <param name="shares">Regions, by this table's ordinals, and their units.</param>
    public void Merge(ClientAddress resolver, int epoch, ReadOnlySpan<(int Region, int Units)> shares)
    {
        ref Mix mix = ref _mixes[NumberOf(resolver, epoch)];
        Age(ref mix, epoch);
        foreach ((int region, int units) in shares) AddUnits(ref mix, region, units >> Math.Clamp(mix.Epoch - epoch, 0, 31));
    }

    /// <summary>Writes all mixes, some thousand in a turn.</summary>
    public void WriteTo(BookWriter writer, BookTurn turn)
    {
        for (int from = 0, until = AtOnce; from < until; from = until, until = Math.Min(Count, from + AtOnce))
        {
            (int first, int end) = (from, until);
            turn(() =>
            {
                for (int i = first; i < Math.Min(end, Count); i++) writer.Mix(_mixes[i].Resolver, _mixes[i].Epoch, _mixes[i].Shares);
            });
        }
        writer.EndOfMixes();
    }

    /// <summary>Forgets all mixes; the memory stays.</summary>
    public void Clear()
    {
        _byAddress.Clear();
        _hand = 0;
    }

    /// <summary>The region that most of a resolver's clients are from; −1 where none dominates or too few were seen.</summary>
    public int Dominant(ClientAddress resolver)
    {
        if (!_byAddress.TryGetValue(resolver, out int number)) return -1;
        (int Region, long Units) best = (-1, 0);
        long total = 0;
        foreach ((int region, int units) in _mixes[number].Shares)
        {
            total += units;
            if (units > best.Units) best = (region, units);
        }
        return total >= FewestClients * Unit && best.Units * 1000 >= total * DominantPermille ? best.Region : -1;
    }

    /// <summary>Every mix that is believed now, greatest part first, equal parts by region; some thousand are looked at in a turn.</summary>
    public FrozenDictionary<ClientAddress, ImmutableArray<RegionShare>> Freeze(long nowMs, BookTurn turn)
    {
        Dictionary<ClientAddress, ImmutableArray<RegionShare>> believed = [];
        int epoch = (int)(nowMs / halfLifeMs);
        for (int from = 0, until = AtOnce; from < until; from = until, until = Math.Min(Count, from + AtOnce))
        {
            (int first, int end) = (from, until);
            turn(() =>
            {
                for (int i = first; i < Math.Min(end, Count); i++) Believe(believed, ref _mixes[i], epoch);
            });
        }
        return believed.ToFrozenDictionary();
    }

    private static void Believe(Dictionary<ClientAddress, ImmutableArray<RegionShare>> believed, ref Mix mix, int epoch)
    {
        Age(ref mix, epoch);
        long total = Total(mix);
        if (total < FewestClients * Unit) return;
        believed[mix.Resolver] = [.. mix.Shares.Where(static s => s.Units > 0)
            .OrderByDescending(static s => s.Units).ThenBy(static s => s.Region)
            .Select(s => new RegionShare(s.Region, (int)(s.Units * 1000L / total)))];
    }

    private static void AddUnits(ref Mix mix, int region, int units)
    {
        if (units == 0) return;
        int at = SlotOf(mix.Shares, region);
        mix.Shares[at] = (region, Math.Min(MostUnits, mix.Shares[at].Units + units));
    }

    /// <summary>Moves the mixes to a world whose regions have other ordinals.</summary>
    /// <param name="next">Old ordinal to new; −1 for a region that is gone.</param>
    public void Renumber(ReadOnlySpan<int> next)
    {
        foreach (int number in _byAddress.Values)
        {
            foreach (ref (int Region, int Units) share in _mixes[number].Shares.AsSpan())
            {
                int region = share.Units > 0 ? next[share.Region] : -1;
                share = region >= 0 ? (region, share.Units) : default;
            }
        }
    }

    private int NumberOf(ClientAddress resolver, int epoch)
    {
        if (_byAddress.TryGetValue(resolver, out int number)) return number;
        number = _byAddress.Count < cap ? _byAddress.Count : Evict();
        if (number == _mixes.Length) Array.Resize(ref _mixes, 2 * number);
        ref Mix mix = ref _mixes[number];
        mix = new Mix { Resolver = resolver, Epoch = epoch, Shares = mix.Shares ?? new (int, int)[Slots] };
        Array.Clear(mix.Shares);
        _byAddress.Add(resolver, number);
        return number;
    }

    private int Evict()
    {
        int victim = _hand;
        for (int i = 0; i < EvictionTries; i++, _hand = (_hand + 1) % _byAddress.Count)
            if (Weight(_hand).CompareTo(Weight(victim)) < 0) victim = _hand;
        _byAddress.Remove(_mixes[victim].Resolver);
        Evictions++;
        return victim;
    }

    private (int Epoch, long Total) Weight(int number) => (_mixes[number].Epoch, Total(_mixes[number]));

    private static long Total(in Mix mix)
    {
        long total = 0;
        foreach ((_, int units) in mix.Shares) total += units;
        return total;
    }

    private static int SlotOf((int Region, int Units)[] shares, int region)
    {
        int least = 0;
        for (int i = 0; i < Slots; i++)
        {
            if (shares[i].Units > 0 && shares[i].Region == region) return i;
            if (shares[i].Units < shares[least].Units) least = i;
        }
        // Its count starts over: a mix that is too low errs towards the regions known longer.
        shares[least] = default;
        return least;
    }

    private static void Age(ref Mix mix, int epoch)
    {
        int passed = Math.Min(epoch - mix.Epoch, Lifetimes + 16);
        if (passed <= 0) return;
        mix.Epoch = epoch;
        foreach (ref (int Region, int Units) share in mix.Shares.AsSpan()) share.Units >>= passed;
    }

    private struct Mix
    {
        public ClientAddress Resolver;
        public int Epoch;
        public (int Region, int Units)[] Shares;
    }
}
