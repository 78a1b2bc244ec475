using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TrafficDispatch.Model;

namespace TrafficDispatch.Dns.Wire;

/// <summary>The data of a record. Immutable and thread-safe.</summary>
public abstract record DnsData
{
    /// <summary>The form that zone files and PowerDNS have for it; host names without a dot at the end. Allocates.</summary>
    public abstract string ToText();

    internal abstract void Write(ref DnsWriter writer);

    /// <summary>Reads the data of a record. Types that this project does not know stay bytes.</summary>
    internal static DnsData Read(ref DnsReader reader, in RecordFrame record, scoped Span<byte> room)
    {
        DnsReader inside = reader.At(record.DataStart);
        DnsData data = record.Type switch
        {
            DnsType.A or DnsType.Aaaa => AddressData.Read(ref inside, record),
            DnsType.Cname or DnsType.Ns => new NameData(ReadName(ref inside, room)),
            DnsType.Soa => SoaData.Read(ref inside, room),
            _ => new OpaqueData(inside.Take(record.DataLength).ToArray()),
        };
        if (inside.Fault != DnsFault.None) reader.Refuse(inside.Fault);
        else if (inside.Position != record.DataStart + record.DataLength) reader.Refuse(DnsFault.DataLength);
        return data;
    }

    internal static DnsName ReadName(ref DnsReader reader, scoped Span<byte> room) =>
        DnsName.TryFromWire(room[..reader.Name(room)], out DnsName? name) ? name : DnsName.Root;
}

/// <summary>An address, of A and AAAA.</summary>
/// <remarks>Sixteen bytes always, so that an AAAA record with an IPv4-mapped address stays what it is.</remarks>
public sealed record AddressData : DnsData
{
    private readonly UInt128 _bits;

    private AddressData(UInt128 bits, bool isIPv6) => (_bits, IsIPv6) = (bits, isIPv6);

    /// <summary>The data for an address.</summary>
    public AddressData(ClientAddress address)
        : this(address.Bits, address.IsIPv6)
    {
    }

    /// <summary>True for AAAA.</summary>
    public bool IsIPv6 { get; }

    /// <summary>The address; an IPv4-mapped one of AAAA comes out as IPv4.</summary>
    public ClientAddress Address => IsIPv6 ? ClientAddress.FromV6(_bits) : new(_bits, false);

    /// <inheritdoc/>
    public override string ToText() => new ClientAddress(_bits, IsIPv6).ToString();

    internal override void Write(ref DnsWriter writer)
    {
        if (!IsIPv6)
        {
            writer.UInt32((uint)_bits);
            return;
        }
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _bits);
        writer.Bytes(bytes);
    }

    internal static AddressData Read(ref DnsReader reader, in RecordFrame record)
    {
        bool isIPv6 = record.Type == DnsType.Aaaa;
        ReadOnlySpan<byte> bytes = reader.Take(isIPv6 ? 16 : 4);
        if (bytes.IsEmpty) return new(0, isIPv6);
        return new(isIPv6 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes), isIPv6);
    }
}

/// <summary>A name, of CNAME and NS.</summary>
/// <param name="Name">The name.</param>
public sealed record NameData(DnsName Name) : DnsData
{
    /// <inheritdoc/>
    public override string ToText() => ZoneText(Name);

    internal static string ZoneText(DnsName name) => name.IsRoot ? "." : name.ToString()[..^1];

    internal override void Write(ref DnsWriter writer) => writer.Name(Name.Wire);
}

/// <summary>Start of a zone (RFC 1035 §3.3.13).</summary>
/// <param name="Primary">Its first name server.</param>
/// <param name="Contact">The mailbox of whom it belongs to, its @ as a dot.</param>
/// <param name="Serial">Its version, compared as RFC 1982 says.</param>
/// <param name="RefreshSeconds">How often copies ask for a newer version.</param>
/// <param name="RetrySeconds">How soon they ask again where that fails.</param>
/// <param name="ExpireSeconds">How long they serve what they cannot renew.</param>
/// <param name="MinimumSeconds">How long it holds that there is nothing (RFC 2308).</param>
public sealed record SoaData(
    DnsName Primary, DnsName Contact, uint Serial, uint RefreshSeconds, uint RetrySeconds, uint ExpireSeconds, uint MinimumSeconds) : DnsData
{
    /// <inheritdoc/>
    public override string ToText() => string.Create(CultureInfo.InvariantCulture,
        $"{NameData.ZoneText(Primary)} {NameData.ZoneText(Contact)} {Serial} {RefreshSeconds} {RetrySeconds} {ExpireSeconds} {MinimumSeconds}");

    internal override void Write(ref DnsWriter writer)
    {
        writer.Name(Primary.Wire);
        writer.Name(Contact.Wire);
        foreach (uint number in (ReadOnlySpan<uint>)[Serial, RefreshSeconds, RetrySeconds, ExpireSeconds, MinimumSeconds]) writer.UInt32(number);
    }

    internal static SoaData Read(ref DnsReader reader, scoped Span<byte> room)
    {
        DnsName primary = ReadName(ref reader, room), contact = ReadName(ref reader, room);
        return new(primary, contact, reader.UInt32(), reader.UInt32(), reader.UInt32(), reader.UInt32(), reader.UInt32());
    }
}

/// <summary>Data of any other type, as bytes.</summary>
/// <param name="Bytes">The bytes, at most 65,535. Nobody may write to the array.</param>
public sealed record OpaqueData(byte[] Bytes) : DnsData
{
    /// <summary>Compares the bytes.</summary>
    public bool Equals(OpaqueData? other) => other is not null && Bytes.AsSpan().SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => DnsName.Hash(Bytes);

    /// <summary>The form of RFC 3597 for data of any type.</summary>
    public override string ToText()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"\\# {Bytes.Length}");
        return Bytes.Length == 0 ? text.ToString() : text.Append(' ').Append(Convert.ToHexStringLower(Bytes)).ToString();
    }

    internal override void Write(ref DnsWriter writer) => writer.Bytes(Bytes);
}
