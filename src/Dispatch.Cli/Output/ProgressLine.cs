namespace TrafficDispatch.Cli.Output;

/// <summary>Shows on standard error what long work is at, on one line that is wiped in the end; silent where nobody watches.</summary>
/// <remarks>Used by one thread.</remarks>
internal sealed class ProgressLine(Terminal terminal) : IProgress<string>, IDisposable
{
    private const string Wipe = "\r\u001b[K";
    private bool _shown;

    /// <inheritdoc/>
    public void Report(string value)
    {
        if (!terminal.IsErrorInteractive) return;
        terminal.Error.Write($"{Wipe}{value} …");
        _shown = true;
    }

    /// <summary>Wipes the line, so that an answer or a fault begins at its start.</summary>
    public void Dispose()
    {
        if (_shown) terminal.Error.Write(Wipe);
        _shown = false;
    }
}
