using System.Globalization;

namespace TrafficDispatch.Geo;

/// <summary>A MaxMind DB file that breaks a rule of its format, or is hostile.</summary>
public sealed class MmdbException : Exception
{
    internal MmdbException(long offset, string rule)
        : base(string.Create(CultureInfo.InvariantCulture, $"offset {offset}: {rule}"))
    {
        (Offset, Rule) = (offset, rule);
    }

    /// <summary>Bytes from the start of the file to what is wrong.</summary>
    public long Offset { get; }

    /// <summary>The rule that is broken, with the value that breaks it.</summary>
    public string Rule { get; }
}
