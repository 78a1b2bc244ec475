using System.CommandLine;
using System.Globalization;
using System.Text;
using TrafficDispatch.Model;

namespace TrafficDispatch.Cli.Input;

/// <summary>An address as the user wrote it and as a number.</summary>
/// <param name="Text">The line without blanks around it.</param>
/// <param name="Address">The address.</param>
internal readonly record struct ListedAddress(string Text, ClientAddress Address);

/// <summary>Reads lists of addresses: one a line, empty lines and lines that begin with <c>#</c> skipped.</summary>
internal static class AddressList
{
    private const int MostFaults = 100;
    private const int LongestShown = 60;

    /// <summary>The option that names the list.</summary>
    public static Option<string> Option() => new("--ips")
    {
        Description = "File with one IPv4 or IPv6 address a line; - reads standard input; empty lines and lines that begin with # are skipped",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>Reads the whole list.</summary>
    /// <returns>The addresses in order, or null after every fault is written (the first 100): with one bad line there is no answer.</returns>
    public static List<ListedAddress>? Read(Terminal terminal, string path, CancellationToken cancellation)
    {
        try
        {
            using Stream stream = path == "-" ? terminal.Input() : File.OpenRead(path);
            using StreamReader reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
            return Read(terminal, reader, path == "-" ? "standard input" : Path.GetFileName(path), cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            terminal.WriteFault($"{path}: cannot be read: {e.Message}");
            return null;
        }
    }

    private static List<ListedAddress>? Read(Terminal terminal, StreamReader reader, string name, CancellationToken cancellation)
    {
        List<ListedAddress> addresses = [];
        int line = 0, faults = 0;
        while (reader.ReadLine() is { } raw)
        {
            if ((++line & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            string text = raw.Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            if (ClientAddress.TryParse(text, out ClientAddress address)) addresses.Add(new(text, address));
            else if (++faults <= MostFaults) terminal.WriteFault(Fault(name, line, text));
        }
        if (faults > MostFaults) terminal.WriteFault(string.Create(CultureInfo.InvariantCulture, $"{name}: and {faults - MostFaults} faults more"));
        return faults == 0 ? addresses : null;
    }

    private static string Fault(string name, int line, string text)
    {
        string shown = text.Length <= LongestShown ? text : text[..LongestShown] + "…";
        return string.Create(CultureInfo.InvariantCulture, $"{name}:{line}: ip '{shown}': must be one IPv4 or IPv6 address without port, prefix length or zone");
    }
}
