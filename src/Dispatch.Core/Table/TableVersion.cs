using System.Globalization;

namespace TrafficDispatch.Table;

/// <summary>
/// Names a published table. Versions only grow; the same version means the same bytes everywhere. A store that comes back empty starts a
/// new epoch, so that nothing published after it can be taken for something older.
/// </summary>
/// <param name="Epoch">The era of the version's issuer, at least 0; compared first.</param>
/// <param name="Number">The number within the epoch, at least 0.</param>
public readonly record struct TableVersion(long Epoch, long Number) : IComparable<TableVersion>
{
    /// <summary>Below every published version.</summary>
    public static readonly TableVersion None;

    /// <summary>The next version of the same epoch.</summary>
    /// <exception cref="OverflowException">The epoch has no number left.</exception>
    public TableVersion Next() => this with { Number = checked(Number + 1) };

    /// <inheritdoc/>
    public int CompareTo(TableVersion other)
    {
        int byEpoch = Epoch.CompareTo(other.Epoch);
        return byEpoch != 0 ? byEpoch : Number.CompareTo(other.Number);
    }

    /// <summary>The text form, <c>epoch.number</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Number}");

    /// <summary>True where the first version is the older.</summary>
    public static bool operator <(TableVersion left, TableVersion right) => left.CompareTo(right) < 0;

    /// <summary>True where the first version is the newer.</summary>
    public static bool operator >(TableVersion left, TableVersion right) => left.CompareTo(right) > 0;

    /// <summary>True where the first version is not the newer.</summary>
    public static bool operator <=(TableVersion left, TableVersion right) => left.CompareTo(right) <= 0;

    /// <summary>True where the first version is not the older.</summary>
    public static bool operator >=(TableVersion left, TableVersion right) => left.CompareTo(right) >= 0;
}
