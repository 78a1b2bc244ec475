using System.Buffers.Binary;
using System.Text;
using TrafficDispatch.Geo;

namespace TrafficDispatch.Core.Tests.Geo;

/// <summary>Writes values as the MaxMind DB format encodes them; can also write what the format forbids.</summary>
internal sealed class MmdbData
{
    private readonly List<byte> _bytes = [];

    public int Position => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    /// <summary>Writes the control bytes, and the payload after them.</summary>
    public MmdbData Field(MmdbType type, int size, params ReadOnlySpan<byte> payload)
    {
        (int inline, int extra, int bytes) = size switch
        {
            < 29 => (size, 0, 0),
            < 285 => (29, size - 29, 1),
            < 65_821 => (30, size - 285, 2),
            _ => (31, size - 65_821, 3),
        };
        bool extended = (int)type > 7;
        _bytes.Add((byte)((extended ? 0 : (int)type) << 5 | inline));
        if (extended) _bytes.Add((byte)((int)type - 7));
        for (int i = bytes - 1; i >= 0; i--) _bytes.Add((byte)(extra >> 8 * i & 0xFF));
        _bytes.AddRange(payload);
        return this;
    }

    public MmdbData Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public MmdbData Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Field(MmdbType.Utf8, utf8.Length, utf8);
    }

    public MmdbData Map(int fields) => Field(MmdbType.Map, fields);

    public MmdbData Array(int items) => Field(MmdbType.Array, items);

    public MmdbData Bytes(byte[] bytes) => Field(MmdbType.Bytes, bytes.Length, bytes);

    public MmdbData Boolean(bool value) => Field(MmdbType.Boolean, value ? 1 : 0);

    public MmdbData Double(double value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Field(MmdbType.Double, 8, bytes);
    }

    public MmdbData Float(float value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteSingleBigEndian(bytes, value);
        return Field(MmdbType.Float, 4, bytes);
    }

    /// <summary>An unsigned number in as few bytes as hold it.</summary>
    public MmdbData Unsigned(MmdbType type, UInt128 value)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        ReadOnlySpan<byte> shortest = bytes.AsSpan().TrimStart((byte)0);
        return Field(type, shortest.Length, shortest);
    }

    public MmdbData Int32(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return Field(MmdbType.Int32, 4, bytes);
    }

    /// <summary>A pointer in the form of that many bytes after the control byte, 1 to 4.</summary>
    public MmdbData Pointer(int target, int bytes)
    {
        int value = target - bytes switch { 2 => 2_048, 3 => 526_336, _ => 0 };
        int high = bytes == 4 ? 0 : value >> 8 * bytes;
        _bytes.Add((byte)((int)MmdbType.Pointer << 5 | (bytes - 1) << 3 | high));
        for (int i = bytes - 1; i >= 0; i--) _bytes.Add((byte)(value >> 8 * i & 0xFF));
        return this;
    }
}
