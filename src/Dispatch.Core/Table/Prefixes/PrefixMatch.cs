namespace TrafficDispatch.Table;

/// <summary>What the prefix index knows of an address.</summary>
/// <param name="Location">Ordinal of the location, at least 0; <see cref="Model.PrefixEntry.None"/> where the longest prefix says "none" or no prefix matches.</param>
/// <param name="MatchedLength">Length of the longest prefix that contains the address, 0 to 32 or 128; −1 where none does.</param>
/// <param name="UniformLength">
/// Length of the widest prefix around the address, 0 to 32 or 128, in which every address has this <paramref name="Location"/> and
/// <paramref name="MatchedLength"/>: shorter than the matched prefix where neighbours agree, longer where nested prefixes differ.
/// </param>
public readonly record struct PrefixMatch(int Location, int MatchedLength, int UniformLength)
{
    /// <summary>True where some prefix contains the address, be it with location "none".</summary>
    public bool IsMatch => MatchedLength >= 0;
}
