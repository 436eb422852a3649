// The folder that holds the agent and, beside it, the module that it may load: `ringscope-agent`, `rigb.ko`, `rigb.ko.sha256`.
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir, release } from 'node:os';
import { join } from 'node:path';
import { err, ok, type Result } from '#common/result.ts';
import { isInstalled } from '../installation.ts';
import { readLabDescription } from '../lab/lab-description.ts';

export const agentName = 'ringscope-agent';
export const moduleName = 'rigb.ko';
export const digestName = 'rigb.ko.sha256';

/** Where a package puts the agent, and our polkit policy expects it. */
export const packagedFolder = '/usr/lib/ringscope';

/** What decides where things lie; tests give their own. */
export interface InstallationPlaces {
  /** The user's cache folder, `$XDG_CACHE_HOME` or `~/.cache`. */
  readonly cacheHome: string;
  /** `uname -r`. */
  readonly kernelRelease: string;
  readonly packagedFolder: string;
  /** An agent that was built from the sources beside the application, or null when there is none. */
  readonly builtAgent: string | null;
}

/** This machine's places. A checkout's agent comes from the lab, or from `RINGSCOPE_AGENT`. */
export function installationPlaces(environment: NodeJS.ProcessEnv = process.env): InstallationPlaces {
  const cacheHome = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  const lab = !isInstalled() ? readLabDescription(cacheHome) : null;
  const builtAgent = environment.RINGSCOPE_AGENT || (lab?.ok ? lab.value.agent : null);
  return { cacheHome, kernelRelease: release(), packagedFolder, builtAgent: builtAgent && existsSync(builtAgent) ? builtAgent : null };
}

/** The folder in the user's cache for this kernel. */
export const ownFolder = ({ cacheHome, kernelRelease }: InstallationPlaces): string => join(cacheHome, 'ringscope', 'local', kernelRelease);

/** An agent that can be started. */
export interface Installation {
  readonly folder: string;
  readonly agent: string;
  /** It lies in the user's own folder, not in one of root's. */
  readonly isOwn: boolean;
}

/** Whether a folder has a module with its digest. */
export const hasModule = (folder: string): boolean => existsSync(join(folder, moduleName)) && existsSync(join(folder, digestName));

/** Where an agent comes from, and the folder that it is to be started from. */
export interface AgentPlace {
  readonly source: string;
  readonly folder: string;
  readonly isOwn: boolean;
}

/**
 * Finds the agent without touching anything. A checkout's is started from the user's own folder; an installed application uses the package's folder unless
 * the user has built a module for this kernel. The error is a sentence that says what to do.
 */
export function locateAgent(places: InstallationPlaces): Result<AgentPlace, string> {
  const packaged = join(places.packagedFolder, agentName);
  const own = ownFolder(places);
  if (places.builtAgent) return ok({ source: places.builtAgent, folder: own, isOwn: true });
  if (!existsSync(packaged))
    return err(`There is no agent in ${places.packagedFolder}: install the package, or run \`npm run setup\` in a checkout.`);
  if (hasModule(own) && !hasModule(places.packagedFolder)) return ok({ source: packaged, folder: own, isOwn: true });
  return ok({ source: packaged, folder: places.packagedFolder, isOwn: false });
}

/** Finds the agent and brings a copy of it to the folder that it is started from, beside the module that was built there. */
export function findInstallation(places: InstallationPlaces): Result<Installation, string> {
  const located = locateAgent(places);
  if (!located.ok) return located;
  const { source, folder, isOwn } = located.value;
  return isOwn ? bringAgent(source, folder) : ok({ folder, agent: source, isOwn });
}

function bringAgent(from: string, folder: string): Result<Installation, string> {
  const agent = join(folder, agentName);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    if (!existsSync(agent) || !readFileSync(agent).equals(readFileSync(from))) {
      // Aside and renamed: an agent that runs keeps its file.
      copyFileSync(from, `${agent}.new`);
      chmodSync(`${agent}.new`, 0o755);
      renameSync(`${agent}.new`, agent);
    }
    return ok({ folder, agent, isOwn: true });
  } catch (error) {
    return err(`The agent cannot be copied to ${folder}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
