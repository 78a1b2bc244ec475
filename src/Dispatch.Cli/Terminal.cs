namespace TrafficDispatch.Cli;

/// <summary>What a command knows of the process it runs in. Commands touch no console, so that tests run them in memory.</summary>
/// <param name="Output">Standard output: the answer and nothing else.</param>
/// <param name="Error">Standard error: faults, warnings, progress.</param>
/// <param name="Input">Opens standard input.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, Func<Stream> Input)
{
    /// <summary>True where a person reads <see cref="Output"/>; then tables may have colours.</summary>
    public bool IsOutputInteractive { get; init; }

    /// <summary>True where a person reads <see cref="Error"/>; only then progress is shown.</summary>
    public bool IsErrorInteractive { get; init; }

    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>The clock for limits and deadlines.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Columns of the terminal; where there is none, wide enough for every table.</summary>
    public int Width { get; init; } = 160;

    /// <summary>Writes one fault, told apart from warnings by its first word.</summary>
    public void WriteFault(string fault) => Error.WriteLine($"error: {fault}");

    /// <summary>Writes what the user may do next.</summary>
    public void WriteHint(string hint) => Error.WriteLine($"hint: {hint}");
}
