using System.CommandLine;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Cli.Input;

/// <summary>The option <c>--world</c> and how its folder is loaded: every fault is shown, and none of the world is used.</summary>
internal static class WorldArgument
{
    /// <summary>The option.</summary>
    public static Option<string> Option() => new("--world")
    {
        Description = "Folder with the world's tables",
        HelpName = "DIR",
        Required = true,
    };

    /// <summary>Loads the folder.</summary>
    /// <returns>The world, or null after its faults are written.</returns>
    public static World? Load(Terminal terminal, string folder, WorldParts parts)
    {
        WorldLoadResult result = WorldFolder.Load(folder, parts);
        foreach (WorldFault warning in result.Warnings) terminal.Error.WriteLine($"warning: {warning}");
        if (result.IsLoaded) return result.World;
        foreach (WorldFault fault in result.Faults) terminal.WriteFault(fault.ToString());
        if (result.FaultCount > result.Faults.Length)
            terminal.WriteFault(string.Create(CultureInfo.InvariantCulture, $"and {result.FaultCount - result.Faults.Length} faults more"));
        terminal.WriteHint($"nothing of '{folder}' was used; correct the tables and run again");
        return null;
    }
}
