using System.Diagnostics.CodeAnalysis;

namespace TrafficDispatch.State.Redis;

/// <summary>A secret that no log, message or dump of settings shows. Immutable and thread-safe.</summary>
public sealed class Secret
{
    private Secret(string value) => Value = value;

    internal string Value { get; }

    /// <summary>Reads a secret from the first line of a file.</summary>
    /// <param name="path">The file; it should be readable by the service's user alone.</param>
    /// <param name="secret">The secret; null where there is a fault.</param>
    /// <param name="fault">What is wrong with the file; never holds what is in it.</param>
    public static bool TryReadFile(string path, [NotNullWhen(true)] out Secret? secret, out string fault)
    {
        (secret, fault) = (null, "");
        try
        {
            string line = File.ReadLines(path).FirstOrDefault("").TrimEnd();
            if (line.Length == 0) fault = $"'{path}': the first line must hold the secret";
            else secret = new(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            fault = $"'{path}' cannot be read: {e.Message}";
        }
        return secret is not null;
    }

    /// <summary>Takes a secret from an environment variable's value; null where it is not set or empty.</summary>
    public static Secret? FromEnvironment(string? value) => string.IsNullOrEmpty(value) ? null : new(value);

    /// <summary>Shows nothing of it.</summary>
    public override string ToString() => "(not shown)";
}
