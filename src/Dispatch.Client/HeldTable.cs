using System.Collections.Immutable;
using Google.Protobuf.Collections;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Table;

namespace TrafficDispatch.Client;

/// <summary>A part of a table as held here. Immutable.</summary>
/// <param name="Table">The rows, and the prefixes where they are held.</param>
/// <param name="Elsewhere">Region that stands for those outside of the selection; −1 for none.</param>
/// <param name="HasPrefixes">True where prefixes are held.</param>
/// <param name="HasFirstService">True where the first service held is the whole table's first: all services were selected.</param>
/// <param name="RowsHash">Names the rows.</param>
/// <param name="PrefixHash">Names the prefixes; empty for none.</param>
internal sealed record HeldTable(
    RoutingTable Table, int Elsewhere, bool HasPrefixes, bool HasFirstService, ImmutableArray<byte> RowsHash, ImmutableArray<byte> PrefixHash)
{
    /// <summary>What to resume from.</summary>
    public ResumePoint ToResumePoint() => new()
    {
        TableEpoch = (ulong)Table.Version.Epoch,
        TableVersion = (ulong)Table.Version.Number,
        RowsHash = Google.Protobuf.ByteString.CopyFrom(RowsHash.AsSpan()),
        PrefixHash = Google.Protobuf.ByteString.CopyFrom(PrefixHash.AsSpan()),
    };
}

/// <summary>What is known about edges beyond the table, ready for decisions. Immutable; nobody writes to its arrays.</summary>
internal sealed class OverlayBits
{
    /// <summary>Nothing is known.</summary>
    public static readonly OverlayBits None = new();

    public ulong Version { get; private init; }

    public ulong[] Down { get; private init; } = [];

    public ulong[] Drained { get; private init; } = [];

    public byte[] Kept { get; private init; } = [];

    public ulong[] Full { get; private init; } = [];

    /// <summary>Reads the message of an update.</summary>
    /// <exception cref="InvalidDataException">It names an edge that the table does not have, or percentages do not fit.</exception>
    public static OverlayBits Of(OverlayState message, int edges)
    {
        if (message.KeptEdges.Count != message.KeptPercent.Count) throw new InvalidDataException("The overlay's percentages do not fit its edges.");
        byte[] kept = message.KeptEdges.Count > 0 ? new byte[edges] : [];
        Array.Fill(kept, (byte)100);
        for (int i = 0; i < message.KeptEdges.Count; i++)
        {
            (uint edge, uint percent) = (message.KeptEdges[i], message.KeptPercent[i]);
            if (edge >= edges || percent > 100) throw new InvalidDataException($"The overlay keeps {percent} % at edge {edge} of {edges}.");
            kept[edge] = (byte)percent;
        }
        return new() { Version = message.Version, Down = Bits(message.Down, edges), Drained = Bits(message.Drained, edges), Kept = kept, Full = Bits(message.Full, edges) };
    }

    /// <summary>The message that gives the same again.</summary>
    public OverlayState ToMessage()
    {
        OverlayState message = new() { Version = Version, Down = { Ordinals(Down) }, Drained = { Ordinals(Drained) }, Full = { Ordinals(Full) } };
        for (int e = 0; e < Kept.Length; e++)
        {
            if (Kept[e] >= 100) continue;
            message.KeptEdges.Add((uint)e);
            message.KeptPercent.Add(Kept[e]);
        }
        return message;
    }

    private static ulong[] Bits(RepeatedField<uint> ordinals, int edges)
    {
        if (ordinals.Count == 0) return [];
        ulong[] bits = new ulong[(edges + 63) / 64];
        foreach (uint e in ordinals)
        {
            if (e >= edges) throw new InvalidDataException($"The overlay names edge {e} of {edges}.");
            bits[e >> 6] |= 1UL << (int)(e & 63);
        }
        return bits;
    }

    private static IEnumerable<uint> Ordinals(ulong[] bits)
    {
        for (int e = 0; e < bits.Length * 64; e++)
            if ((bits[e >> 6] >> (e & 63) & 1) != 0) yield return (uint)e;
    }
}
