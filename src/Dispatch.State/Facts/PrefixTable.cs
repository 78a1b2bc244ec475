using System.Buffers.Binary;
using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.State.Facts;

/// <summary>The address prefixes, a block of them a row.</summary>
internal sealed class PrefixTable(string name) : FactsTable(name)
{
    /// <summary>Prefixes of a row: about 100 KB.</summary>
    private const int Block = 8192;

    private const int LeastBytes = 10;

    /// <inheritdoc/>
    public override int? RowsOf(WorldFacts facts) => (facts.Prefixes.Length + Block - 1) / Block;

    /// <inheritdoc/>
    public override byte[] Row(WorldFacts facts, int row) => RowWriter.Build(r =>
    {
        ReadOnlySpan<PrefixEntry> block = facts.Prefixes.AsSpan()[(row * Block)..Math.Min(facts.Prefixes.Length, (row + 1) * Block)];
        Span<byte> address = stackalloc byte[16];
        foreach (PrefixEntry entry in block)
        {
            ClientAddress first = entry.Prefix.Address;
            BinaryPrimitives.WriteUInt128BigEndian(address, first.Bits);
            r.Byte(first.IsIPv6 ? 6 : 4);
            r.Byte(entry.Prefix.Length);
            r.Bytes(first.IsIPv6 ? address : address[12..]);
            r.Int(entry.Location);
        }
    });

    /// <inheritdoc/>
    public override IFactsRows Read(int rows) => new Reading();

    private sealed class Reading : IFactsRows
    {
        private readonly ImmutableArray<PrefixEntry>.Builder _entries = ImmutableArray.CreateBuilder<PrefixEntry>();

        public void Add(WorldFacts sofar, byte[] row)
        {
            if (row.Length > Block * 24 || row.Length < LeastBytes) throw new InvalidDataException($"a block of {row.Length} bytes");
            ReadOnlySpan<byte> left = row;
            while (!left.IsEmpty)
            {
                int width = left[0] switch { 4 => 4, 6 => 16, byte family => throw new InvalidDataException($"an address family {family}") };
                if (left.Length < 6 + width) throw new EndOfStreamException();
                if (left[1] > 8 * width) throw new InvalidDataException($"a prefix of length {left[1]} in IPv{left[0]}");
                UInt128 bits = 0;
                foreach (byte b in left.Slice(2, width)) bits = (bits << 8) | b;
                // The address as it was written: an IPv4-mapped prefix in IPv6 clothes must not be taken for an IPv4 one.
                IpPrefix prefix = IpPrefix.Around(new ClientAddress(bits, width == 16), left[1]);
                if (prefix.Address.Bits != bits) throw new InvalidDataException($"bits beyond the length of {prefix} are set");
                _entries.Add(new(prefix, BinaryPrimitives.ReadInt32LittleEndian(left[(2 + width)..])));
                left = left[(6 + width)..];
            }
        }

        public WorldFacts Finish(WorldFacts sofar) => sofar with { Prefixes = _entries.DrainToImmutable() };
    }
}
