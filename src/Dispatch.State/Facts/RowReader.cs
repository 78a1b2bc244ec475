using System.Collections.Immutable;

namespace TrafficDispatch.State.Facts;

/// <summary>
/// Reads what <see cref="RowWriter"/> wrote. Every count is held against the bytes that are left before anything is allocated.
/// </summary>
/// <remarks>Throws <see cref="InvalidDataException"/> or <see cref="EndOfStreamException"/> for bytes that are no such row.</remarks>
internal sealed class RowReader : IDisposable
{
    private readonly MemoryStream _bytes;
    private readonly BinaryReader _reader;

    public RowReader(byte[] row)
    {
        _bytes = new(row, writable: false);
        _reader = new(_bytes);
    }

    private long Left => _bytes.Length - _bytes.Position;

    public int Byte() => _reader.ReadByte();

    public byte[] Bytes(int count)
    {
        byte[] bytes = _reader.ReadBytes(count);
        return bytes.Length == count ? bytes : throw new EndOfStreamException();
    }

    public int Int() => _reader.ReadInt32();

    public long Long() => _reader.ReadInt64();

    public double Number() => _reader.ReadDouble();

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        _ => throw new InvalidDataException("a flag must be 0 or 1"),
    };

    public string Text() => _reader.ReadString();

    public T? Maybe<T>(Func<RowReader, T> read)
        where T : struct => Flag() ? read(this) : null;

    public string? MaybeText() => Flag() ? Text() : null;

    /// <summary>One of an enumeration whose members are numbered from 0.</summary>
    public T Choice<T>()
        where T : struct, Enum
    {
        T value = (T)Enum.ToObject(typeof(T), Byte());
        return Enum.IsDefined(value) ? value : throw new InvalidDataException($"{value} is no {typeof(T).Name}");
    }

    /// <summary>A list whose items take at least one byte each.</summary>
    public ImmutableArray<T> List<T>(Func<RowReader, T> read)
    {
        int count = Int();
        if (count < 0 || count > Left) throw new InvalidDataException("a count that the bytes do not hold");
        ImmutableArray<T>.Builder values = ImmutableArray.CreateBuilder<T>(count);
        for (int i = 0; i < count; i++) values.Add(read(this));
        return values.MoveToImmutable();
    }

    public ImmutableArray<string> Texts() => List(static row => row.Text());

    /// <summary>The row must end here.</summary>
    public void End()
    {
        if (Left > 0) throw new InvalidDataException($"{Left} bytes too many");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _bytes.Dispose();
    }
}
