using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TrafficDispatch.Service.Access;

/// <summary>How the lines of a file of tokens are made up.</summary>
internal enum TokenLines
{
    /// <summary>The first line is a token that speaks for anybody; nothing else is read.</summary>
    One,

    /// <summary><c>NAME TOKEN</c>.</summary>
    Named,

    /// <summary><c>NAME ROLE[,ROLE] TOKEN</c>.</summary>
    WithRoles,
}

/// <summary>Tokens that callers show in the header <c>authorization: Bearer TOKEN</c>, whom each speaks for and what it may. Immutable and thread-safe.</summary>
/// <remarks>
/// Tokens are kept as hashes of equal length and compared with all of them, so that the time taken tells nothing of any. A file may hold
/// <c>sha256:HEX</c> in place of a token, so that it holds no secret.
/// </remarks>
internal sealed class TokenBook
{
    /// <summary>The name that stands for anybody.</summary>
    public const string Anybody = "*";

    /// <summary>No token at all.</summary>
    public static readonly TokenBook Empty = new([]);

    // 20 characters of letters and digits are beyond all guessing over a network; whoever has fewer chose a password.
    private const int ShortestToken = 20, LongestName = 64;
    private const string Scheme = "Bearer ", HashMark = "sha256:";

    private readonly ImmutableArray<(string Name, Roles Roles, byte[] Hash)> _held;

    private TokenBook(ImmutableArray<(string Name, Roles Roles, byte[] Hash)> held) => _held = held;

    /// <summary>True where there is no token at all.</summary>
    public bool IsEmpty => _held.IsEmpty;

    /// <summary>All roles that any token has.</summary>
    public Roles Roles => _held.Aggregate(Roles.None, static (all, h) => all | h.Roles);

    /// <summary>One token; none where it is empty.</summary>
    public static TokenBook One(string name, Roles roles, string token) => token.Length > 0 ? new([(name, roles, Hash(token))]) : Empty;

    /// <summary>Reads the text of a file; empty lines and those that begin with <c>#</c> are passed over.</summary>
    /// <param name="text">What the file holds.</param>
    /// <param name="lines">How its lines are made up.</param>
    /// <param name="faults">What is wrong, a line each with the line's number and never a token.</param>
    /// <returns>The tokens; empty where there is a fault.</returns>
    public static TokenBook Parse(string text, TokenLines lines, out ImmutableArray<string> faults)
    {
        List<string> found = [];
        List<(string, Roles, byte[])> read = [];
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (lines == TokenLines.One) return OneOf(words, out faults);
            if (words.Length == 0 || words[0].StartsWith('#')) continue;
            if (Read(words, lines, out (string, Roles, byte[]) entry) is { } fault) found.Add(string.Create(CultureInfo.InvariantCulture, $"line {number} {fault}"));
            else read.Add(entry);
        }
        if (found.Count == 0 && read.Count == 0) found.Add($"must hold at least one line '{Form(lines)}'");
        faults = [.. found];
        return found.Count == 0 ? new([.. read]) : Empty;
    }

    /// <summary>True where the token is one of those held, whomever it speaks for.</summary>
    public bool Knows(string? authorization) => Find(authorization) is not null;

    /// <summary>True where the token speaks for this name.</summary>
    public bool Allows(string? authorization, string name)
    {
        byte[] hash = Shown(authorization);
        bool found = false;
        foreach ((string whose, _, byte[] held) in _held) found |= CryptographicOperations.FixedTimeEquals(hash, held) & (whose is Anybody || whose == name);
        return found;
    }

    /// <summary>Whom the token speaks for, and all that it may; null where it is none of those held.</summary>
    public (string Name, Roles Roles)? Find(string? authorization)
    {
        byte[] hash = Shown(authorization);
        (string Name, Roles Roles)? found = null;
        foreach ((string name, Roles roles, byte[] held) in _held)
            if (CryptographicOperations.FixedTimeEquals(hash, held)) found = (found?.Name ?? name, roles | (found?.Roles ?? Roles.None));
        return found;
    }

    private static TokenBook OneOf(string[] words, out ImmutableArray<string> faults)
    {
        faults = words.Length > 1 ? ["line 1 must hold a token and nothing else"] : [];
        return words.Length == 1 ? One(Anybody, Roles.Reporter, words[0]) : Empty;
    }

    private static string? Read(string[] words, TokenLines lines, out (string, Roles, byte[]) entry)
    {
        entry = default;
        int wanted = lines == TokenLines.Named ? 2 : 3;
        if (words.Length != wanted) return string.Create(CultureInfo.InvariantCulture, $"has {words.Length} words, must be '{Form(lines)}'");
        if (words[0].Length > LongestName) return string.Create(CultureInfo.InvariantCulture, $"has a name of {words[0].Length} characters, must be at most {LongestName}");
        Roles roles = Roles.Reporter;
        if (lines == TokenLines.WithRoles && !RoleNames.TryParse(words[1], out roles)) return "must have roles out of viewer, operator, publisher and reporter, separated by commas, as its second word";
        string token = words[^1];
        if (token.StartsWith(HashMark, StringComparison.Ordinal))
        {
            byte[] hash = new byte[SHA256.HashSizeInBytes];
            if (Convert.FromHexString(token.AsSpan(HashMark.Length), hash, out _, out int written) != System.Buffers.OperationStatus.Done || written != hash.Length)
                return "must have 64 hexadecimal digits after sha256:";
            entry = (words[0], roles, hash);
            return null;
        }
        if (lines == TokenLines.WithRoles && token.Length < ShortestToken) return string.Create(CultureInfo.InvariantCulture, $"has a token of {token.Length} characters, must be at least {ShortestToken} random ones");
        entry = (words[0], roles, Hash(token));
        return null;
    }

    private static string Form(TokenLines lines) => lines == TokenLines.WithRoles ? "NAME ROLE[,ROLE] TOKEN" : "NAME TOKEN";

    private static byte[] Shown(string? authorization) =>
        Hash(authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true ? authorization[Scheme.Length..].Trim() : "");

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
