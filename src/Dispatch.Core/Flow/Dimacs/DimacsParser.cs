using System.Collections;
using System.Globalization;

namespace TrafficDispatch.Flow.Dimacs;

/// <summary>Takes a DIMACS min file line by line and collects a network or its faults.</summary>
/// <remarks>Invariant: an arc or supply is stored only when its line is faultless, so a network without faults is valid.</remarks>
internal sealed class DimacsParser(string source, DimacsLimits limits)
{
    private readonly List<DimacsFault> _faults = [];
    private long _line;
    private bool _sawProblem;
    private bool _problemCameLate;
    private bool _saidTooMany;
    private bool _endless;
    private int _nodes = -1;
    private int _declared = -1;
    private long _arcLines;
    private long[] _supplies = [];
    private BitArray _supplied = new(0);
    private ArcColumns _arcs = new(0);

    /// <summary>True when reading on is of no use: so many faults were found, or a line has no end in sight.</summary>
    public bool Stopped => _endless || _faults.Count >= limits.MaxFaults;

    /// <summary>Takes the next line, without its line feed; a carriage return at its end is a blank.</summary>
    public void Take(ReadOnlySpan<byte> line)
    {
        _line++;
        if (_line == 1 && line.StartsWith("\uFEFF"u8)) line = line[3..];
        var fields = new FieldCursor(line);
        if (!fields.MoveNext()) return;
        byte kind = fields.Bytes[0];
        if (kind == (byte)'c') return;
        if (fields.Bytes.Length > 1) Fault(fields, "line type", fields.Text, "must be c, p, n or a");
        else if (kind == (byte)'a') TakeArc(ref fields);
        else if (kind == (byte)'n') TakeNode(ref fields);
        else if (kind == (byte)'p') TakeProblem(ref fields);
        else Fault(fields, "line type", fields.Text, "must be c, p, n or a");
    }

    /// <summary>Reports what no line holds: the file as a whole, such as a damaged archive.</summary>
    public void Reject(string field, string value, string rule) => Add(new DimacsFault(source, _line, 0, field, value, rule));

    /// <summary>Reports a line longer than may be and stops: what follows it cannot be told from it.</summary>
    public void RejectEndless(ReadOnlySpan<byte> start, int most)
    {
        _line++;
        var fields = new FieldCursor(start[..Math.Min(start.Length, 40)]);
        Add(new DimacsFault(source, _line, 0, "line", fields.MoveNext() ? fields.Text + "…" : "…", $"a line must be shorter than {most} bytes"));
        _endless = true;
    }

    /// <summary>Ends the file.</summary>
    public DimacsReadResult Finish()
    {
        if (!_sawProblem && !Stopped) Add(new DimacsFault(source, 0, 0, "problem line", "", "a line 'p min NODES ARCS' must come first"));
        else if (_declared >= 0 && _arcLines < _declared && !Stopped)
            Add(new DimacsFault(source, _line, 0, "arc lines", Show(_arcLines), $"the problem line declares {_declared}"));
        if (_faults.Count > 0) return new DimacsReadResult(null, _faults);
        return new DimacsReadResult(new FlowNetwork(_supplies, _arcs.Take(), firstNumber: 1), _faults);
    }

    private void TakeProblem(ref FieldCursor fields)
    {
        if (_sawProblem)
        {
            if (!_problemCameLate) Fault(fields, "line type", "p", "there must be only one problem line");
            return;
        }

        _sawProblem = true;
        if (!fields.MoveNext()) Fault(fields, "problem", "", "must be 'min'");
        else if (!fields.Bytes.SequenceEqual("min"u8)) Fault(fields, "problem", fields.Text, "must be 'min'");
        bool good = ReadSize(ref fields, "nodes", limits.MaxNodes, out int nodes);
        good &= ReadSize(ref fields, "arcs", Math.Min(limits.MaxArcs, FlowNetwork.MaxArcs), out int arcs);
        if (!ReadEnd(ref fields) || !good || _faults.Count > 0) return;
        (_nodes, _declared) = (nodes, arcs);
        (_supplies, _supplied, _arcs) = (new long[nodes], new BitArray(nodes), new ArcColumns(arcs));
    }

    private void TakeNode(ref FieldCursor fields)
    {
        if (!AfterProblem(fields)) return;
        bool good = ReadNode(ref fields, "id", out int node);
        FieldCursor id = fields;
        good &= ReadInteger(ref fields, "flow", out long supply);
        good &= ReadEnd(ref fields);
        if (!good || _nodes < 0) return;
        if (_supplied[node])
        {
            Fault(id, "id", Show(node + 1L), "this node already has a node line");
            return;
        }

        (_supplies[node], _supplied[node]) = (supply, true);
    }

    private void TakeArc(ref FieldCursor fields)
    {
        if (!AfterProblem(fields)) return;
        bool good = ReadNode(ref fields, "tail", out int tail);
        good &= ReadNode(ref fields, "head", out int head);
        good &= ReadInteger(ref fields, "low", out long lower);
        if (good && lower == FlowNetwork.Unlimited) good = Fault(fields, "low", fields.Text, "a lower bound must be finite");
        good &= ReadInteger(ref fields, "cap", out long upper);
        if (good && upper < lower) good = Fault(fields, "cap", fields.Text, $"must not be below low, which is {Show(lower)}");
        good &= ReadInteger(ref fields, "cost", out long cost);
        good &= ReadEnd(ref fields);
        if (++_arcLines > _declared && _declared >= 0) RefuseSurplus();
        else if (good && _nodes >= 0) _arcs.Add(tail, head, lower, upper, cost);
    }

    private void RefuseSurplus()
    {
        if (_saidTooMany) return;
        _saidTooMany = true;
        Add(new DimacsFault(source, _line, 0, "arc lines", Show(_arcLines), $"the problem line declares {_declared}"));
    }

    private bool AfterProblem(FieldCursor fields)
    {
        if (_sawProblem) return true;
        (_sawProblem, _problemCameLate) = (true, true); // said once: the missing line makes every later one follow nothing
        return Fault(fields, "line type", fields.Text, "a line 'p min NODES ARCS' must come first");
    }

    private bool ReadSize(ref FieldCursor fields, string field, int limit, out int size)
    {
        size = 0;
        FieldState state = fields.Read(out long value);
        if (state == FieldState.Good && value >= 0 && value <= limit)
        {
            size = (int)value;
            return true;
        }

        return Fault(fields, field, fields.Text, $"must be an integer from 0 to {limit}");
    }

    private bool ReadNode(ref FieldCursor fields, string field, out int node)
    {
        FieldState state = fields.Read(out long value);
        node = unchecked((int)(value - 1)); // used only when in range
        if (state == FieldState.Good && (_nodes < 0 || (value >= 1 && value <= _nodes))) return true;
        return Fault(fields, field, fields.Text, _nodes < 0 ? "must be an integer" : $"must be a node from 1 to {_nodes}");
    }

    private bool ReadInteger(ref FieldCursor fields, string field, out long value) => fields.Read(out value) switch
    {
        FieldState.Good => true,
        FieldState.TooLarge => Fault(fields, field, fields.Text, $"must be within {long.MinValue} to {long.MaxValue}"),
        _ => Fault(fields, field, fields.Text, "must be an integer"),
    };

    private bool ReadEnd(ref FieldCursor fields)
        => !fields.MoveNext() || Fault(fields, "extra field", fields.Text, "the line must end here");

    private static string Show(long value) => value.ToString(CultureInfo.InvariantCulture);

    private bool Fault(FieldCursor fields, string field, string value, string rule)
    {
        Add(new DimacsFault(source, _line, fields.Start + 1, field, value, rule));
        return false;
    }

    private void Add(DimacsFault fault)
    {
        if (!Stopped) _faults.Add(fault);
    }
}
