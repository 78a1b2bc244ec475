using TrafficDispatch.State;

namespace TrafficDispatch.Cli.Output;

/// <summary>What a store that cannot be used means for the caller.</summary>
internal static class StoreFault
{
    /// <summary>Writes the fault.</summary>
    /// <returns>A code of <see cref="ExitCode"/>.</returns>
    public static int Write(Terminal terminal, StoreUnavailableException fault)
    {
        terminal.WriteFault(fault.Message);
        return fault.Trouble switch
        {
            StoreTrouble.Denied => ExitCode.NotAllowed,
            StoreTrouble.ForeignSchema => ExitCode.BadInput,
            _ => ExitCode.Unavailable,
        };
    }
}
