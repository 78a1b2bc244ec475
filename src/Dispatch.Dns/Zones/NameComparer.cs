using TrafficDispatch.Dns.Wire;

namespace TrafficDispatch.Dns.Zones;

/// <summary>Finds names by the bytes of a question, without making one.</summary>
internal sealed class NameComparer : IEqualityComparer<DnsName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, DnsName>
{
    public static readonly NameComparer Instance = new();

    private NameComparer()
    {
    }

    public bool Equals(DnsName? x, DnsName? y) => x is null ? y is null : x.Equals(y);

    public int GetHashCode(DnsName obj) => obj.GetHashCode();

    public bool Equals(ReadOnlySpan<byte> alternate, DnsName other) => DnsName.AreEqual(alternate, other.Wire);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => DnsName.Hash(alternate);

    public DnsName Create(ReadOnlySpan<byte> alternate) =>
        DnsName.TryFromWire(alternate, out DnsName? name) ? name : throw new ArgumentException("These bytes are not a name.", nameof(alternate));
}
