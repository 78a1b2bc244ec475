using System.Reflection;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>The program's version as it was built.</summary>
internal static class ProgramVersion
{
    /// <summary>For instance <c>0.1.0</c>; a source revision after a plus sign is left out.</summary>
    public static string Text { get; } =
        (typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+')[0];
}
