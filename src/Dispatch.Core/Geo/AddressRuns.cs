using TrafficDispatch.Model;

namespace TrafficDispatch.Geo;

/// <summary>
/// A map from all addresses of one family to numbers, as runs: run i reaches from its start to before the next. The first starts at 0,
/// starts rise strictly, neighbours differ; −1 is "nothing". Addresses stand left-aligned in 128 bits.
/// </summary>
internal sealed class AddressRuns
{
    public const int Nothing = -1;

    private readonly List<UInt128> _starts = [0];
    private readonly List<int> _values = [Nothing];

    public int Count => _starts.Count;

    /// <summary>Sets a prefix that lies behind all before it.</summary>
    public void Add(IpPrefix prefix, int value)
    {
        UInt128 first = prefix.Address.Bits << (128 - prefix.Address.Width);
        Append(first, value);
        UInt128 last = first | (prefix.Length == 128 ? 0 : UInt128.MaxValue >> prefix.Length);
        if (last != UInt128.MaxValue) Append(last + 1, Nothing);
    }

    /// <summary>Changes every value; runs that become equal join.</summary>
    public AddressRuns Select(Func<int, int> change)
    {
        AddressRuns result = new();
        for (int i = 0; i < Count; i++) result.Append(_starts[i], change(_values[i]));
        return result;
    }

    /// <summary>Lays one map over another. O(runs of both).</summary>
    public static AddressRuns Combine(AddressRuns left, AddressRuns right, Func<int, int, int> combine)
    {
        AddressRuns result = new();
        for (int l = 0, r = 0; l < left.Count || r < right.Count;)
        {
            bool takeLeft = l < left.Count && (r == right.Count || left._starts[l] <= right._starts[r]);
            bool takeRight = r < right.Count && (l == left.Count || right._starts[r] <= left._starts[l]);
            UInt128 start = takeLeft ? left._starts[l] : right._starts[r];
            if (takeLeft) l++;
            if (takeRight) r++;
            result.Append(start, combine(left._values[l - 1], right._values[r - 1]));
        }
        return result;
    }

    /// <summary>The fewest prefixes that cover each run with a value exactly, in address order: equal neighbours are merged.</summary>
    public void Prefixes(bool isIPv6, List<PrefixEntry> into)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_values[i] == Nothing) continue;
            UInt128 last = i + 1 < Count ? _starts[i + 1] - 1 : UInt128.MaxValue;
            Cover(_starts[i], last, _values[i], isIPv6, into);
        }
    }

    private static void Cover(UInt128 first, UInt128 last, int value, bool isIPv6, List<PrefixEntry> into)
    {
        while (true)
        {
            // As wide as the start is aligned and the rest of the run has room.
            int room = last - first == UInt128.MaxValue ? 128 : 127 - (int)UInt128.LeadingZeroCount(last - first + 1);
            int host = Math.Min(room, first == 0 ? 128 : (int)UInt128.TrailingZeroCount(first));
            ClientAddress address = new(isIPv6 ? first : first >> 96, isIPv6);
            into.Add(new PrefixEntry(new IpPrefix(address, 128 - host), value));
            UInt128 end = first | (host == 128 ? UInt128.MaxValue : ((UInt128)1 << host) - 1);
            if (end == last) return;
            first = end + 1;
        }
    }

    private void Append(UInt128 start, int value)
    {
        int last = Count - 1;
        if (_starts[last] == start)
        {
            _starts.RemoveAt(last);
            _values.RemoveAt(last);
            last--;
        }
        if (last >= 0 && _values[last] == value) return;
        _starts.Add(start);
        _values.Add(value);
    }
}
