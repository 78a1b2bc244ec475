using System.Text;

namespace TrafficDispatch.Flow.Dimacs;

/// <summary>How reading an integer field went.</summary>
internal enum FieldState
{
    /// <summary>An integer was read.</summary>
    Good,

    /// <summary>The line has no further field.</summary>
    Missing,

    /// <summary>The field is not a decimal integer.</summary>
    Malformed,

    /// <summary>The integer does not fit 64 bits.</summary>
    TooLarge,
}

/// <summary>Walks the blank-separated fields of one line of bytes without creating strings.</summary>
internal ref struct FieldCursor(ReadOnlySpan<byte> line)
{
    private const int LongestShown = 40;

    private readonly ReadOnlySpan<byte> _line = line;
    private int _end;

    /// <summary>Where the current field starts, from 0.</summary>
    public int Start { get; private set; }

    /// <summary>The current field as text, cut when long, with anything but printable ASCII replaced.</summary>
    public readonly string Text
    {
        get
        {
            ReadOnlySpan<byte> bytes = Bytes;
            var text = new StringBuilder();
            foreach (byte b in bytes[..Math.Min(bytes.Length, LongestShown)]) text.Append(b is > 32 and < 127 ? (char)b : '?');
            return bytes.Length > LongestShown ? $"{text}…" : text.ToString();
        }
    }

    /// <summary>Moves to the next field; false at the end of the line.</summary>
    public bool MoveNext()
    {
        int i = SkipBlanks();
        Start = i;
        while (i < _line.Length && _line[i] > ' ') i++;
        _end = i;
        return _end > Start;
    }

    /// <summary>The current field's bytes.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _line[Start.._end];

    /// <summary>Reads the next field as an integer: an optional minus and decimal digits.</summary>
    public FieldState Read(out long value)
    {
        ReadOnlySpan<byte> text = _line;
        int i = SkipBlanks();
        Start = i;
        value = 0;
        bool negative = i < text.Length && text[i] == (byte)'-';
        if (negative) i++;
        int firstDigit = i;
        ulong digits = 0;
        unchecked // at most 18 digits on this path: below 10^18
        {
            for (; i < text.Length && (uint)(text[i] - '0') <= 9 && i - firstDigit < 18; i++) digits = (digits * 10) + (uint)(text[i] - '0');
        }

        if (i == firstDigit || (i < text.Length && text[i] > ' ')) return ReadSlowly(out value);
        _end = i;
        value = negative ? -(long)digits : (long)digits;
        return FieldState.Good;
    }

    private FieldState ReadSlowly(out long value)
    {
        value = 0;
        int i = Start;
        while (i < _line.Length && _line[i] > ' ') i++;
        _end = i;
        ReadOnlySpan<byte> bytes = Bytes;
        if (bytes.Length == 0) return FieldState.Missing;
        ReadOnlySpan<byte> digits = bytes[0] == (byte)'-' ? bytes[1..] : bytes;
        if (digits.Length == 0 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return FieldState.Malformed;
        return System.Buffers.Text.Utf8Parser.TryParse(bytes, out value, out int used) && used == bytes.Length ? FieldState.Good : FieldState.TooLarge;
    }

    private readonly int SkipBlanks()
    {
        int i = _end;
        while (i < _line.Length && _line[i] <= ' ') i++;
        return i;
    }
}
