using System.Globalization;
using System.Text.Encodings.Web;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes where addresses are, a line each. One instance a run; not thread-safe.</summary>
internal sealed class LocateLines
{
    private readonly TextWriter _output;
    private readonly LocationIndex _index;
    private readonly string[] _names;
    private readonly bool _json;

    /// <param name="output">Where the lines go.</param>
    /// <param name="index">Where addresses are.</param>
    /// <param name="json">JSON, or three columns with tabs between.</param>
    public LocateLines(TextWriter output, LocationIndex index, bool json)
    {
        (_output, _index, _json) = (output, index, json);
        // Escaped once a location, not once an address.
        _names = [.. index.RegionIds.Select(id => json ? $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(id)}\"" : id)];
    }

    /// <summary>Writes one address. Its text needs no escaping: it has been read as an address.</summary>
    public void Write(in ListedAddress address)
    {
        PrefixMatch match = _index.Prefixes.Find(address.Address);
        if (_json) WriteJson(address.Text, match);
        else WriteColumns(address.Text, match);
    }

    private void WriteJson(string ip, PrefixMatch match)
    {
        _output.Write("{\"ip\":\"");
        _output.Write(ip);
        _output.Write("\",\"region_id\":");
        _output.Write(match.Location < 0 ? "null" : _names[match.Location]);
        _output.Write(",\"matched_prefix_len\":");
        WriteLength(match);
        _output.Write("}\n");
    }

    private void WriteColumns(string ip, PrefixMatch match)
    {
        _output.Write(ip);
        _output.Write('\t');
        _output.Write(match.Location < 0 ? "-" : _names[match.Location]);
        _output.Write('\t');
        WriteLength(match);
        _output.Write('\n');
    }

    private void WriteLength(PrefixMatch match)
    {
        Span<char> digits = stackalloc char[4];
        match.MatchedLength.TryFormat(digits, out int written, default, CultureInfo.InvariantCulture);
        _output.Write(digits[..written]);
    }
}
