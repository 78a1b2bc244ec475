using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace TrafficDispatch.Service.Rpc;

/// <summary>Tokens that callers show in the header <c>authorization: Bearer TOKEN</c>, and whom each speaks for. Immutable and thread-safe.</summary>
/// <remarks>Tokens are kept as hashes of equal length and compared with all of them, so that the time taken tells nothing of any.</remarks>
internal sealed class CallerTokens
{
    /// <summary>The name that stands for anybody.</summary>
    public const string Anybody = "*";

    private const string Scheme = "Bearer ";

    private readonly ImmutableArray<(string Name, byte[] Hash)> _held;

    private CallerTokens(ImmutableArray<(string Name, byte[] Hash)> held) => _held = held;

    /// <summary>True where there is no token at all.</summary>
    public bool IsEmpty => _held.IsEmpty;

    /// <summary>One token that speaks for anybody; none where it is empty.</summary>
    public static CallerTokens One(string token) => new(token.Length > 0 ? [(Anybody, Hash(token))] : []);

    /// <summary>Reads a file of lines <c>NAME TOKEN</c>; empty lines and those that begin with <c>#</c> are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tokens">The tokens; null where there is a fault.</param>
    /// <param name="fault">What is wrong, with the line's number and never a token; empty where nothing is.</param>
    public static bool TryRead(string path, [NotNullWhen(true)] out CallerTokens? tokens, out string fault)
    {
        (tokens, fault) = (null, "");
        List<(string, byte[])> read = [];
        try
        {
            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                number++;
                string[] parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length == 0 || parts[0].StartsWith('#')) continue;
                if (parts.Length == 2) read.Add((parts[0], Hash(parts[1])));
                else fault = string.Create(CultureInfo.InvariantCulture, $"must hold a name and a token in every line; line {number} has {parts.Length} words");
            }
            if (fault.Length == 0 && read.Count == 0) fault = "must hold at least one line 'NAME TOKEN'";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"must be a file that can be read: {e.Message}";
        }
        if (fault.Length == 0) tokens = new([.. read]);
        return tokens is not null;
    }

    /// <summary>True where the token is one of those held, whomever it speaks for.</summary>
    public bool Knows(string? authorization) => Matches(authorization, null);

    /// <summary>True where the token speaks for this name.</summary>
    public bool Allows(string? authorization, string name) => Matches(authorization, name);

    /// <summary>True for an address of this machine, and for a socket that is no IP socket.</summary>
    public static bool IsLocal(IPAddress? address) => address is null || IPAddress.IsLoopback(address);

    private bool Matches(string? authorization, string? name)
    {
        string given = authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true ? authorization[Scheme.Length..].Trim() : "";
        byte[] hash = Hash(given);
        bool found = false;
        foreach ((string whose, byte[] held) in _held)
            found |= CryptographicOperations.FixedTimeEquals(hash, held) & (name is null || whose == Anybody || whose == name);
        return found;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
