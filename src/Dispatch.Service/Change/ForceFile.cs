using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Change;

/// <summary>
/// A person's way past the guard: a file under <c>State:Path</c> that lists the rules to pass over, a line each. It is taken away before the
/// table goes out, so it holds for one table and never by accident for a second.
/// </summary>
internal sealed class ForceFile(StateSettings settings, ILogger<ForceFile> logger)
{
    /// <summary>Name of the file.</summary>
    public const string Name = "guard.force";

    /// <summary>Where it is looked for.</summary>
    public string Path => System.IO.Path.Combine(settings.Path, Name);

    /// <summary>Uses the file up where it lists every one of these rules. Rules that it does not list leave it in place.</summary>
    /// <param name="rules">Rules that refuse a table.</param>
    /// <returns>True where the table may go out.</returns>
    public bool TryUse(IEnumerable<string> rules)
    {
        try
        {
            if (!File.Exists(Path)) return false;
            HashSet<string> listed = [.. File.ReadLines(Path).Take(100).Select(static l => l.Trim())];
            if (!rules.All(listed.Contains)) return false;
            File.Delete(Path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            GuardLog.CannotForce(logger, Path, e.Message);
            return false;
        }
    }
}
