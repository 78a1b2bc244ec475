using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace TrafficDispatch.Table;

/// <summary>Collects bytes: little-endian numbers, text with its length before it, sections whose length is put in afterwards.</summary>
internal sealed class ByteSink : IBufferWriter<byte>
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private byte[] _bytes = new byte[4096];
    private int _count;

    public ReadOnlySpan<byte> Written => WrittenMemory.Span;

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _count);

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_count);
    }

    public void Byte(byte value)
    {
        GetSpan(1)[0] = value;
        Advance(1);
    }

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(GetSpan(2), value);
        Advance(2);
    }

    public void Int32(int value) => UInt32(unchecked((uint)value));

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(GetSpan(4), value);
        Advance(4);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(GetSpan(8), value);
        Advance(8);
    }

    public void Text(string text)
    {
        int start = _count;
        Int32(0);
        Advance(Utf8.GetBytes(text, GetSpan(Utf8.GetMaxByteCount(text.Length))));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start), _count - start - 4);
    }

    /// <summary>Opens a section; returns where its length belongs.</summary>
    public int Open(uint tag)
    {
        UInt32(tag);
        return Reserve64();
    }

    /// <summary>Leaves room for a length; returns where what it counts starts.</summary>
    public int Reserve64()
    {
        Int64(0);
        return _count;
    }

    /// <summary>Puts in the length of what was written since <see cref="Open"/> or <see cref="Reserve64"/>.</summary>
    public void Close(int opened) => BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(opened - 8), _count - opened);

    private void Reserve(int sizeHint)
    {
        int needed = checked(_count + Math.Max(sizeHint, 1));
        if (needed <= _bytes.Length) return;
        long doubled = Math.Min(2L * _bytes.Length, Array.MaxLength);
        Array.Resize(ref _bytes, (int)Math.Max(needed, doubled));
    }
}
