namespace TrafficDispatch.Service.Access;

/// <summary>What a credential may do. A credential may have several.</summary>
[Flags]
internal enum Roles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Looks at overrides, tables, differences and what was changed.</summary>
    Viewer = 1,

    /// <summary>Drains, restores, freezes; looks, too.</summary>
    Operator = 2,

    /// <summary>Publishes, rolls back, freezes; looks, too.</summary>
    Publisher = 4,

    /// <summary>Reports measurements from another machine.</summary>
    Reporter = 8,
}

/// <summary>Roles as words.</summary>
internal static class RoleNames
{
    /// <summary>All that the plane of the command line needs.</summary>
    public const Roles Administration = Roles.Viewer | Roles.Operator | Roles.Publisher;

    private static readonly Roles[] Each = [Roles.Viewer, Roles.Operator, Roles.Publisher, Roles.Reporter];

    /// <summary>The words, separated by commas.</summary>
    public static string Of(Roles roles) => string.Join(',', Each.Where(r => roles.HasFlag(r)).Select(static r => r.ToString().ToLowerInvariant()));

    /// <summary>Reads words separated by commas.</summary>
    /// <returns>False where one is no role, or there is none.</returns>
    public static bool TryParse(string text, out Roles roles)
    {
        roles = Roles.None;
        foreach (string word in text.Split(','))
        {
            Roles one = Array.Find(Each, r => string.Equals(r.ToString(), word, StringComparison.OrdinalIgnoreCase));
            if (one == Roles.None) return false;
            roles |= one;
        }
        return true;
    }
}
