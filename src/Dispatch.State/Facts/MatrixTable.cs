using System.Buffers.Binary;
using TrafficDispatch.Model;

namespace TrafficDispatch.State.Facts;

/// <summary>
/// A matrix of regions and edges, a row a region. A row holds its figures in the narrowest form that gives every one of them back bit by
/// bit: most of what files say has few decimals and takes two bytes instead of eight.
/// </summary>
internal sealed class MatrixTable(string name, Func<WorldFacts, int, ReadOnlySpan<double>> rowOf, Func<WorldFacts, bool> exists, Func<WorldFacts, double[], WorldFacts> put)
    : FactsTable(name)
{
    // Forms of a row, its first byte. The quotient of two whole numbers below 2^53 is the double nearest to it, which is also what a decimal reads as.
    private const byte Hundredths = 2, HundredthsOfPercent = 3, Thousandths = 4, Exact = 8;

    /// <inheritdoc/>
    public override int? RowsOf(WorldFacts facts) => exists(facts) ? facts.Regions.Length : null;

    /// <inheritdoc/>
    public override byte[] Row(WorldFacts facts, int row)
    {
        ReadOnlySpan<double> values = rowOf(facts, row);
        foreach (byte form in (ReadOnlySpan<byte>)[Hundredths, HundredthsOfPercent, Thousandths])
            if (TryPack(values, form) is { } packed) return packed;
        return PackExactly(values);
    }

    /// <inheritdoc/>
    public override IFactsRows Read(int rows) => new Reading(rows, put);

    private static byte[]? TryPack(ReadOnlySpan<double> values, byte form)
    {
        int width = WidthOf(form);
        (double scale, double most) = form switch
        {
            Hundredths => (100.0, ushort.MaxValue),
            HundredthsOfPercent => (10000.0, ushort.MaxValue),
            _ => (1000.0, uint.MaxValue),
        };
        byte[] row = new byte[1 + width * values.Length];
        row[0] = form;
        for (int i = 0; i < values.Length; i++)
        {
            double whole = Math.Round(values[i] * scale);
            if (!(whole >= 0 && whole <= most) || BitConverter.DoubleToInt64Bits(Unpack((uint)whole, form)) != BitConverter.DoubleToInt64Bits(values[i])) return null;
            Span<byte> at = row.AsSpan(1 + width * i);
            if (width == 2) BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)whole);
            else BinaryPrimitives.WriteUInt32LittleEndian(at, (uint)whole);
        }
        return row;
    }

    private static byte[] PackExactly(ReadOnlySpan<double> values)
    {
        byte[] row = new byte[1 + 8 * values.Length];
        row[0] = Exact;
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteDoubleLittleEndian(row.AsSpan(1 + 8 * i), values[i]);
        return row;
    }

    private static double Unpack(uint whole, byte form) => form switch
    {
        Hundredths => whole / 100.0,
        HundredthsOfPercent => whole / 100.0 / 100.0,
        _ => whole / 1000.0,
    };

    private static int WidthOf(byte form) => form switch
    {
        Hundredths or HundredthsOfPercent => 2,
        Thousandths => 4,
        Exact => 8,
        _ => throw new InvalidDataException($"a row of unknown form {form}"),
    };

    private static void Unpack(ReadOnlySpan<byte> row, Span<double> into)
    {
        if (row.Length == 0) throw new InvalidDataException("an empty row");
        byte form = row[0];
        int width = WidthOf(form);
        if (row.Length != 1L + (long)width * into.Length) throw new InvalidDataException($"a row of {row.Length} bytes for {into.Length} edges");
        for (int i = 0; i < into.Length; i++)
        {
            ReadOnlySpan<byte> at = row[(1 + width * i)..];
            into[i] = width switch
            {
                2 => Unpack(BinaryPrimitives.ReadUInt16LittleEndian(at), form),
                4 => Unpack(BinaryPrimitives.ReadUInt32LittleEndian(at), form),
                _ => BinaryPrimitives.ReadDoubleLittleEndian(at),
            };
        }
    }

    private sealed class Reading(int rows, Func<WorldFacts, double[], WorldFacts> put) : IFactsRows
    {
        private double[] _cells = [];
        private int _next;

        public void Add(WorldFacts sofar, byte[] row)
        {
            int edges = sofar.Edges.Length;
            // Only now is it known that the count goes with the places: nothing is allocated on a count's word alone.
            if (_next == 0 && rows != sofar.Regions.Length) throw new InvalidDataException($"holds {rows} rows for {sofar.Regions.Length} regions");
            if (_next == 0) _cells = new double[(long)rows * edges];
            Unpack(row, _cells.AsSpan(_next++ * edges, edges));
        }

        public WorldFacts Finish(WorldFacts sofar) => _cells.Length == (long)sofar.Regions.Length * sofar.Edges.Length
            ? put(sofar, _cells)
            : throw new InvalidDataException($"holds {rows} rows for {sofar.Regions.Length} regions");
    }
}
