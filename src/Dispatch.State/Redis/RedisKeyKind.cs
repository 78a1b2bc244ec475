using System.Text.RegularExpressions;

namespace TrafficDispatch.State.Redis;

/// <summary>One kind of key, or of channel, that the schema knows.</summary>
/// <param name="Pattern">
/// Its name after the prefix; words in capitals stand for what differs: <c>G</c> a generation, <c>VERSION</c> epoch and number, <c>TOKEN</c>, <c>NAME</c> any other text.
/// </param>
/// <param name="Type">Redis' type: string, hash, set, stream; or channel.</param>
/// <param name="Ends">When it ends by itself; empty where it does not.</param>
/// <param name="Holds">What is in it.</param>
/// <param name="Writes">Who writes it.</param>
/// <param name="Reads">Who reads it.</param>
public sealed record RedisKeyKind(string Pattern, string Type, string Ends, string Holds, string Writes, string Reads)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>True where a name is of this kind.</summary>
    /// <param name="name">A key's name after the prefix and its colon.</param>
    public bool Fits(string name)
    {
        string pattern = string.Join(':', Pattern.Split(':').Select(static part => part switch
        {
            "G" => "[0-9]+",
            "VERSION" => @"[0-9]{19}\.[0-9]{19}",
            "TOKEN" => "[0-9]+",
            "NAME" => ".+",
            _ => Regex.Escape(part),
        }));
        return Regex.IsMatch(name, $"^{pattern}$", RegexOptions.None, Patience);
    }
}
