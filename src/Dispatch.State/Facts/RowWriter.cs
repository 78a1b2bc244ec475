using System.Collections.Immutable;

namespace TrafficDispatch.State.Facts;

/// <summary>Builds one row of a stored table: little-endian numbers, text in UTF-8 after its length, lists after their count.</summary>
internal sealed class RowWriter : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly BinaryWriter _writer;

    public RowWriter() => _writer = new(_bytes);

    /// <summary>A row that some code writes.</summary>
    public static byte[] Build(Action<RowWriter> write)
    {
        using RowWriter row = new();
        write(row);
        row._writer.Flush();
        return row._bytes.ToArray();
    }

    public void Byte(int value) => _writer.Write(checked((byte)value));

    public void Bytes(ReadOnlySpan<byte> value) => _writer.Write(value);

    public void Int(int value) => _writer.Write(value);

    public void Long(long value) => _writer.Write(value);

    public void Number(double value) => _writer.Write(value);

    public void Flag(bool value) => _writer.Write(value);

    public void Text(string value) => _writer.Write(value);

    /// <summary>A value that may be missing.</summary>
    public void Maybe<T>(T? value, Action<RowWriter, T> write)
        where T : struct
    {
        Flag(value.HasValue);
        if (value is { } there) write(this, there);
    }

    /// <summary>A text that may be missing.</summary>
    public void MaybeText(string? value)
    {
        Flag(value is not null);
        if (value is not null) Text(value);
    }

    public void List<T>(ImmutableArray<T> values, Action<RowWriter, T> write)
    {
        Int(values.Length);
        foreach (T value in values) write(this, value);
    }

    public void Texts(ImmutableArray<string> values) => List(values, static (row, text) => row.Text(text));

    public void Dispose()
    {
        _writer.Dispose();
        _bytes.Dispose();
    }
}
