using System.Runtime.InteropServices;

namespace TrafficDispatch.Model.Files;

/// <summary>Where and why a record is not well-formed.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Character, from 1.</param>
/// <param name="Rule">What must hold.</param>
internal readonly record struct CsvFault(int Line, int Column, string Rule);

/// <summary>
/// Cuts UTF-8 text into records and fields as RFC 4180 describes: comma, quotes doubled inside quotes, line ends CRLF or LF, also
/// inside quotes. Lines of no character at all are passed over. A byte order mark is passed over.
/// </summary>
/// <remarks>
/// Invariant: the cursor only moves forward and every call of <see cref="Read"/> moves it, so any input ends. A malformed record is
/// handed out with its <see cref="Fault"/> and reading goes on behind it. One thread at a time.
/// </remarks>
internal sealed class CsvReader
{
    private readonly byte[] _bytes;
    private readonly WorldLimits _limits;
    private readonly List<Slot> _fields = [];
    private byte[] _unescaped = [];
    private int _at, _line = 1, _lineStart;

    public CsvReader(byte[] utf8, WorldLimits limits)
    {
        _bytes = utf8;
        _limits = limits;
        if (utf8 is [0xEF, 0xBB, 0xBF, ..]) _at = _lineStart = 3;
    }

    /// <summary>Line feeds of the text: about as many records as there are, for sizing.</summary>
    public int LineFeeds => _bytes.AsSpan().Count((byte)'\n');

    /// <summary>Line on which the record starts, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Fields of the record.</summary>
    public int FieldCount => _fields.Count;

    /// <summary>Why the record is malformed (the first reason); null where it is not.</summary>
    public CsvFault? Fault { get; private set; }

    /// <summary>Moves to the next record.</summary>
    /// <returns>False at the end.</returns>
    public bool Read()
    {
        while (_at < _bytes.Length)
        {
            Fault = null;
            _fields.Clear();
            Line = _line;
            int start = _at;
            while (ReadField(start)) { }
            bool blank = _fields is [{ Start: var s, End: var e, Quoted: false }] && s == e && Fault is null;
            if (!blank) return true;
        }
        _fields.Clear();
        Fault = null;
        return false;
    }

    /// <summary>A field's text with its quotes resolved; valid until the next call.</summary>
    public ReadOnlySpan<byte> Field(int index)
    {
        Slot slot = _fields[index];
        ReadOnlySpan<byte> raw = _bytes.AsSpan(slot.Start, slot.End - slot.Start);
        return slot.Doubled ? Undouble(raw) : raw;
    }

    /// <summary>Line and character where a field starts, its opening quote included.</summary>
    public (int Line, int Column) Position(int index)
    {
        Slot slot = _fields[index];
        return (slot.Line, Characters(slot.LineStart, slot.Quoted ? slot.Start - 1 : slot.Start) + 1);
    }

    /// <summary>Reads one field and what ends it; true where another field of the record follows.</summary>
    private bool ReadField(int recordStart)
    {
        Slot slot = new() { Start = _at, Line = _line, LineStart = _lineStart };
        if (_at < _bytes.Length && _bytes[_at] == '"') ReadQuoted(ref slot);
        else ReadPlain(ref slot);
        if (_fields.Count < _limits.Fields) _fields.Add(slot);
        else Complain(slot.Line, slot.LineStart, slot.Start, $"a record must not have more than {_limits.Fields} fields");
        if (_at - recordStart > _limits.RecordBytes)
            Complain(slot.Line, slot.LineStart, slot.Start, $"a record must not be longer than {_limits.RecordBytes} bytes");
        return EndField();
    }

    /// <summary>Moves to the byte that ends a field without quotes: a comma, a line feed (or the CR before it), or the end.</summary>
    private void ReadPlain(ref Slot slot)
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(_at);
        for (int i = 0; ; i++)
        {
            bool ends = i == rest.Length || rest[i] is (byte)',' or (byte)'\n' || IsLineEnd(_at + i);
            if (ends)
            {
                _at += i;
                slot.End = _at;
                return;
            }
            if (rest[i] == '"') Complain(_line, _lineStart, _at + i, "a quote may only stand in a quoted field");
            if (rest[i] == '\r') Complain(_line, _lineStart, _at + i, "a carriage return must be followed by a line feed");
        }
    }

    /// <summary>Moves behind the closing quote; what follows it up to the field's end is a fault.</summary>
    private void ReadQuoted(ref Slot slot)
    {
        int open = _at++;
        slot.Quoted = true;
        slot.Start = _at;
        while (_at < _bytes.Length)
        {
            byte b = _bytes[_at++];
            if (b == '\n')
            {
                _line++;
                _lineStart = _at;
            }
            if (b != '"') continue;
            if (_at < _bytes.Length && _bytes[_at] == '"')
            {
                _at++;
                slot.Doubled = true;
                continue;
            }
            slot.End = _at - 1;
            Slot tail = new() { Start = _at };
            int tailLine = _line, tailLineStart = _lineStart;
            ReadPlain(ref tail);
            if (tail.End > tail.Start) Complain(tailLine, tailLineStart, tail.Start, "a closing quote must end the field");
            return;
        }
        slot.End = _at;
        Complain(slot.Line, slot.LineStart, open, "a quote must be closed");
    }

    private bool EndField()
    {
        if (_at >= _bytes.Length) return false;
        if (_bytes[_at] == ',')
        {
            _at++;
            // A comma as the very last byte still opens one more, empty field.
            return true;
        }
        if (_bytes[_at] == '\r') _at++;
        _at++;
        _line++;
        _lineStart = _at;
        return false;
    }

    private bool IsLineEnd(int at) => _bytes[at] == '\r' && at + 1 < _bytes.Length && _bytes[at + 1] == '\n';

    private void Complain(int line, int lineStart, int at, string rule) =>
        Fault ??= new(line, Characters(lineStart, at) + 1, rule);

    /// <summary>Code points between two offsets: all bytes but UTF-8 continuation bytes.</summary>
    private int Characters(int from, int to)
    {
        int count = 0;
        foreach (byte b in _bytes.AsSpan(from, to - from)) count += (b & 0xC0) == 0x80 ? 0 : 1;
        return count;
    }

    private ReadOnlySpan<byte> Undouble(ReadOnlySpan<byte> raw)
    {
        if (_unescaped.Length < raw.Length) _unescaped = new byte[raw.Length];
        int length = 0;
        for (int i = 0; i < raw.Length; i++)
        {
            _unescaped[length++] = raw[i];
            if (raw[i] == '"') i++;
        }
        return _unescaped.AsSpan(0, length);
    }

    /// <summary>A field: its text without the outer quotes, and the line on which it starts.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Slot
    {
        public int Start, End, Line, LineStart;
        public bool Quoted, Doubled;
    }
}
