using System.Runtime.InteropServices;
using System.Text;
using TrafficDispatch.Cli;

UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);
await using StreamWriter output = new(Console.OpenStandardOutput(), utf8, 1 << 16) { NewLine = "\n" };
await using StreamWriter error = new(Console.OpenStandardError(), utf8) { NewLine = "\n", AutoFlush = true };
using CancellationTokenSource stop = new();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
Terminal terminal = new(output, error, Console.OpenStandardInput)
{
    IsOutputInteractive = !Console.IsOutputRedirected,
    IsErrorInteractive = !Console.IsErrorRedirected,
    Variable = Environment.GetEnvironmentVariable,
    Width = Console.IsOutputRedirected ? 160 : Math.Max(40, Console.WindowWidth),
};
return await DispatchTool.RunAsync(args, terminal, stop.Token);

// The first signal asks the command to end in order; a second one ends the process.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
