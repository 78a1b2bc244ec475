using TrafficDispatch.Cli.Input;
using TrafficDispatch.Geo;

namespace TrafficDispatch.Cli.Output;

/// <summary>
/// Writes the records of addresses as JSON lines. Everything is looked up and decoded before the first line is written, so that a
/// corrupt database gives a fault and no answer; decoded records are kept while they are few.
/// </summary>
internal sealed class MmdbLines
{
    private const int NoRecord = -1;
    private const long MostCharactersKept = 64L << 20;

    private readonly MmdbReader _database;
    private readonly List<int> _offsets;
    private readonly Dictionary<int, string?> _lines = [];

    /// <summary>Finds the record of every address.</summary>
    /// <exception cref="MmdbException">The tree or a record breaks a rule.</exception>
    public MmdbLines(MmdbReader database, List<ListedAddress> addresses)
    {
        long kept = 0;
        _database = database;
        _offsets = addresses.ConvertAll(a => database.TryFind(a.Address, out MmdbNetwork network) ? network.DataOffset : NoRecord);
        foreach (int offset in _offsets)
        {
            if (offset == NoRecord || _lines.ContainsKey(offset)) continue;
            string line = Decode(offset);
            bool keep = kept + line.Length <= MostCharactersKept;
            _lines.Add(offset, keep ? line : null);
            if (keep) kept += line.Length;
        }
    }

    /// <summary>Writes a line an address, in order.</summary>
    public void Write(TextWriter output, CancellationToken cancellation)
    {
        foreach (int offset in _offsets)
        {
            cancellation.ThrowIfCancellationRequested();
            output.Write(offset == NoRecord ? "null" : _lines[offset] ?? Decode(offset));
            output.Write('\n');
        }
    }

    private string Decode(int offset) => JsonLine.Text(_database.Decode(offset).WriteJson);
}
