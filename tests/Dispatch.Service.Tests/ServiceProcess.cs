using System.Diagnostics;
using System.Text;

namespace TrafficDispatch.Service.Tests;

/// <summary>The program as its own process, as an operator starts it.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _output = new(), _errors = new();
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private event EventHandler? Said;

    private ServiceProcess(Process process) => _process = process;

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    public static ServiceProcess Start(params string[] arguments) => Start(null, arguments);

    /// <summary>Starts it with variables of its own.</summary>
    public static ServiceProcess Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments) =>
        Start("Dispatch.Service.dll", environment, arguments);

    /// <summary>Starts another of our programs, for instance <c>dispatch.dll</c>.</summary>
    public static ServiceProcess StartProgram(string program, params string[] arguments) => Start(program, null, arguments);

    private static ServiceProcess Start(string program, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Many processes that live for seconds: a second compilation is worth it only for what is called thousands of times.
        (start.Environment["DOTNET_TieredPGO"], start.Environment["DOTNET_TC_CallCountThreshold"]) = ("0", "1000");
        // As in TestService: what is shed on a busy machine is for the tests of overload.
        start.Environment["Overload__QueueMs"] = "60000";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        ServiceProcess service = new(new Process { StartInfo = start, EnableRaisingEvents = true });
        service._process.Exited += (_, _) => service._exited.TrySetResult();
        service._process.OutputDataReceived += (_, line) => service.Hear(service._output, line.Data);
        service._process.ErrorDataReceived += (_, line) => service.Hear(service._errors, line.Data);
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        return service;
    }

    /// <summary>Waits until the output holds a text.</summary>
    public Task WaitFor(string text) => WaitFor(text, () => Output);

    /// <summary>Waits until what is written to standard error holds a text.</summary>
    public Task WaitForError(string text) => WaitFor(text, () => Errors);

    private async Task WaitFor(string text, Func<string> output)
    {
        TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Said += (_, _) => Look();
        Look();
        if (await Task.WhenAny(heard.Task, _exited.Task).WaitAsync(Patience) != heard.Task)
            Assert.Fail($"It ended before it said '{text}': {Output}{Errors}");

        void Look()
        {
            if (output().Contains(text, StringComparison.Ordinal)) heard.TrySetResult();
        }
    }

    /// <summary>When the first line that holds a text was written, as the line itself says.</summary>
    public DateTimeOffset TimeOf(string text) => DateTimeOffset.Parse(
        Output.Split('\n').First(line => line.Contains(text, StringComparison.Ordinal)).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends a signal, for instance STOP.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Ends the process as a crash does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for the end and all output.</summary>
    public async Task<int> ExitCode()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Hear(StringBuilder into, string? line)
    {
        if (line is null) return;
        lock (into) into.AppendLine(line);
        Said?.Invoke(this, EventArgs.Empty);
    }
}
